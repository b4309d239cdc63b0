// Shows beside the rule what it would find, a moment after the last key. An answer that is overtaken is thrown away.
"use strict";
(() => {
  const panel = document.getElementById("microseg-found");
  const field = document.getElementById("id_rule_text");
  if (!panel || !field) return;
  field.closest(".form-row").append(panel);
  const token = field.form.querySelector("[name=csrfmiddlewaretoken]").value;
  const slug = document.getElementById("id_slug");
  const PAUSE = 350;
  let timer = 0;
  let asked = null;
  let shown = null;

  const add = (parent, tag, text, className) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    parent.append(made);
    return made;
  };

  const show = (answer) => {
    panel.replaceChildren();
    for (const error of answer.errors) {
      add(panel, "p", error.text, "microseg-found-error");
      if (error.excerpt) add(panel, "pre", error.excerpt, "microseg-error");
    }
    if (answer.sentence) add(panel, "p", answer.sentence);
    answer.lines.forEach((line, at) => add(panel, at ? "p" : "strong", line));
    if (answer.people && answer.people.length) {
      const list = add(panel, "p", panel.dataset.some + " ");
      answer.people.forEach((person, at) => {
        if (at) list.append(", ");
        add(list, "a", person.name).href = person.url;
      });
    }
    panel.hidden = !panel.childNodes.length;
  };

  const ask = async () => {
    const text = field.value.trim();
    if (text === shown) return;
    if (asked) asked.abort();
    const mine = (asked = new AbortController());
    panel.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams({ rule_text: text, slug: slug ? slug.value : "" });
      const headers = { "X-CSRFToken": token };
      const answer = await fetch(panel.dataset.url, { method: "POST", body, headers, signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      shown = text;
    } catch (error) {
      if (error.name === "AbortError") return;
      panel.replaceChildren();
      add(panel, "p", panel.dataset.failed, "microseg-found-error");
      panel.hidden = false;
    }
    if (asked === mine) panel.removeAttribute("aria-busy");
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  if (field.value.trim()) ask();
})();
