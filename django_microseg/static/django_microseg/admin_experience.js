/* The editor of an experience: shows what is being edited on a page of the shop, a moment after each change. */
"use strict";
(function () {
  const box = document.querySelector(".microseg-preview");
  const form = box.closest("form");
  const find = (name) => box.querySelector(`[data-${name}]`);
  const path = document.getElementById("preview-path");
  const who = document.getElementById("preview-who");
  const width = document.getElementById("preview-width");
  const frame = find("frame");
  const PAUSE = 500;
  let timer = 0;
  let asked = "";
  let running = null;
  /* Of a form that nobody has filled in yet, what is missing is no mistake. */
  let isNew = !box.dataset.experience;

  /* The form as it would be sent. What is in a box of chosen things is selected only when a form is really sent. */
  function fields() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") data.append(name, value);
    }
    for (const chosen of form.querySelectorAll(".selector-chosen select")) {
      data.delete(chosen.name);
      for (const option of chosen.options) data.append(chosen.name, option.value);
    }
    data.set("experience", box.dataset.experience);
    data.set("preview_path", path.value.trim() || "/");
    if (who.value === "stranger") data.set("preview_segments", "");
    return data;
  }

  function say(note, error) {
    find("note").textContent = note;
    find("error").textContent = error;
    find("error").hidden = !error;
    frame.classList.toggle("is-old", Boolean(error));
  }

  function cell(row, text) {
    const made = document.createElement("td");
    made.textContent = text;
    row.append(made);
  }

  function explain(decisions) {
    const rows = decisions.map((each) => {
      const row = document.createElement("tr");
      cell(row, each.slot);
      cell(row, each.name || box.dataset.default);
      cell(row, each.why);
      return row;
    });
    find("rows").replaceChildren(...rows);
    find("decisions").hidden = !rows.length;
  }

  async function look(isForced) {
    const data = fields();
    const text = data.toString();
    if (text === asked && !isForced) return;
    asked = text;
    if (running) running.abort();
    const mine = running = new AbortController();
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(box.dataset.url, {
        method: "POST", body: data, credentials: "same-origin", signal: mine.signal, headers: {"Accept": "application/json"},
      });
      const shown = await answer.json();
      if (!answer.ok) {
        say(isNew ? shown.error : "", isNew ? "" : shown.error);
        return;
      }
      isNew = false;
      frame.srcdoc = shown.html;
      frame.hidden = false;
      say(shown.note, "");
      explain(shown.decisions);
    } catch (trouble) {
      if (trouble.name !== "AbortError") say("", box.dataset.trouble);
    } finally {
      if (running === mine) box.removeAttribute("aria-busy");
    }
  }

  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE, false);
  }

  /* Content and an order of things have different fields; what the other kind has is kept, not shown. */
  function sort() {
    const kind = form.elements.namedItem("kind");
    if (!kind) return;
    for (const [name, wanted] of [["content_html", "content"], ["template_name", "content"], ["order_keys", "order"]]) {
      const row = form.querySelector(`.form-row.field-${name}`);
      if (row) row.hidden = kind.value !== wanted && !row.querySelector(".errorlist");
    }
  }

  function resize() {
    frame.classList.toggle("is-phone", width.value === "phone");
  }

  find("controls").hidden = false;
  find("again").addEventListener("click", () => look(true));
  width.addEventListener("change", resize);
  for (const kind of ["input", "change", "click", "keyup"]) form.addEventListener(kind, soon);
  form.addEventListener("change", sort);
  /* Enter in the address looks there; it does not save the experience. */
  path.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      look(true);
    }
  });
  resize();
  sort();
  window.addEventListener("load", soon);
})();
