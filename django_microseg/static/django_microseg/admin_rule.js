// Shows beside the rule what it would find, a moment after the last key. An answer that is overtaken is thrown away,
// here and on the server. Only the final number is read out.
"use strict";
(() => {
  const panel = document.getElementById("microseg-found");
  const field = document.getElementById("id_rule_text");
  if (!panel || !field) return;
  field.closest(".form-row").append(panel);
  const figures = panel.querySelector(".microseg-found-figures");
  const status = panel.querySelector("[role=status]");
  const compare = panel.querySelector(".microseg-found-with");
  const other = compare.querySelector("input");
  const names = compare.querySelector("datalist");
  const both = compare.querySelector(".microseg-found-both");
  const token = field.form.querySelector("[name=csrfmiddlewaretoken]").value;
  const slug = document.getElementById("id_slug");
  const asker = Math.random().toString(36).slice(2);
  const PAUSE = 350;
  const SVG = "http://www.w3.org/2000/svg";
  let timer = 0;
  let asked = null;
  let shown = null;

  const add = (parent, tag, text, className) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    parent.append(made);
    return made;
  };

  const drawBars = (cell, bars) => {
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "0 0 100 14");
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("aria-hidden", "true");
    bars.forEach((width, at) => {
      const bar = document.createElementNS(SVG, "rect");
      const place = { x: 0, y: 7 * at, width, height: 6 };
      for (const name in place) bar.setAttribute(name, place[name]);
      bar.setAttribute("class", at ? "is-everybody" : "is-inside");
      picture.append(bar);
    });
    cell.append(picture);
  };

  const showMix = (parent, mix) => {
    const part = add(parent, "div");
    add(part, "h3", mix.title);
    const table = add(part, "table");
    const head = add(add(table, "thead"), "tr");
    add(head, "td");
    add(head, "td");
    for (const word of mix.heads) add(head, "th", word, "microseg-number").scope = "col";
    const body = add(table, "tbody");
    for (const row of mix.rows) {
      const line = add(body, "tr");
      add(line, "th", row.name).scope = "row";
      drawBars(add(line, "td"), row.bars);
      for (const figure of [row.inside, row.everybody, row.index]) add(line, "td", figure, "microseg-number");
    }
    add(part, "p", mix.note);
  };

  const takeOver = (rule) => {
    field.value = rule;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  const showNear = (near) => {
    add(figures, "h3", panel.dataset.near);
    const list = add(figures, "ul", "", "microseg-found-near");
    for (const change of near) {
      const item = add(list, "li");
      add(item, "span", change.text);
      const button = add(item, "button", change.take);
      button.type = "button";
      button.setAttribute("aria-label", `${change.take}: ${change.text}`);
      button.addEventListener("click", () => takeOver(change.rule));
    }
  };

  const showPeople = (people) => {
    const list = add(figures, "p", panel.dataset.some + " ");
    people.forEach((person, at) => {
      if (at) list.append(", ");
      add(list, "a", person.name).href = person.url;
    });
  };

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };

  const show = (answer) => {
    figures.replaceChildren();
    both.replaceChildren();
    for (const error of answer.errors) {
      add(figures, "p", error.text, "microseg-found-error");
      if (error.excerpt) add(figures, "pre", error.excerpt, "microseg-error");
    }
    if (answer.sentence) add(figures, "p", answer.sentence);
    answer.lines.forEach((line, at) => add(add(figures, "p"), at ? "span" : "strong", line));
    if (answer.people && answer.people.length) showPeople(answer.people);
    if (answer.near && answer.near.length) showNear(answer.near);
    if (answer.mixes && answer.mixes.length) {
      const mixes = add(figures, "div", "", "microseg-found-mixes");
      for (const mix of answer.mixes) showMix(mixes, mix);
    }
    for (const line of answer.overlap || []) add(both, "p", line);
    compare.hidden = !answer.overlap;
    panel.hidden = !figures.childNodes.length;
    say([answer.said || "", ...(answer.overlap || [])].join(" ").trim());
  };

  const ask = async () => {
    const text = field.value.trim();
    const question = JSON.stringify([text, other.value.trim()]);
    if (asked) asked.abort();
    if (question === shown) {
      panel.removeAttribute("aria-busy");
      return;
    }
    const mine = (asked = new AbortController());
    panel.setAttribute("aria-busy", "true");
    try {
      const fields = { rule_text: text, slug: slug ? slug.value : "", overlap: other.value.trim(), asker };
      const headers = { "X-CSRFToken": token };
      const body = new URLSearchParams(fields);
      const answer = await fetch(panel.dataset.url, { method: "POST", body, headers, signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (found.is_overtaken) return;
      show(found);
      shown = question;
    } catch (error) {
      if (error.name === "AbortError") return;
      show({ errors: [{ text: panel.dataset.failed }], lines: [], said: panel.dataset.failed });
      shown = null;
    }
    if (asked === mine) panel.removeAttribute("aria-busy");
  };

  const askSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  const suggest = async () => {
    const answer = await fetch(`${other.dataset.url}?q=${encodeURIComponent(other.value)}`);
    if (!answer.ok) return;
    const found = await answer.json();
    names.replaceChildren();
    for (const segment of found.segments) {
      const option = add(names, "option", segment.name);
      option.value = segment.slug;
    }
    askSoon();
  };

  field.addEventListener("input", () => {
    if (asked) asked.abort();
    askSoon();
  });
  let naming = 0;
  other.addEventListener("focus", suggest, { once: true });
  other.addEventListener("input", () => {
    clearTimeout(naming);
    naming = setTimeout(suggest, PAUSE);
  });
  // Enter asks; it does not save the form around it.
  other.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    askSoon();
  });
  if (field.value.trim()) ask();
})();
