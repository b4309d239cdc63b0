// <microseg-rule-builder>: a rule as groups and conditions over native controls, in step with its text.
// The model is the stored JSON itself, and a control changes its own key alone: what is not shown survives. The server
// turns trees into text and text into trees.
"use strict";
(() => {
  // ---- the tree

  // Stands where something is still to be filled in. No valid value is a blank, so such a rule is never saved.
  const GAP = " ";
  const LIST = ["in", "not_in"];
  const PRESENCE = ["known", "unknown"];
  const SUBJECTS = ["trait", "fact", "context", "segment", "custom"];

  const json = JSON.stringify;
  const clone = (value) => JSON.parse(json(value));
  const same = (one, other) => json(one) === json(other);
  const isGroup = (node) => "combinator" in node;
  const group = (...rules) => ({ combinator: "all", not: false, rules });
  const toTree = (form) => (isGroup(form.rule) ? form.rule : group(form.rule));
  const toRule = (tree) => (tree.rules.length === 1 && !tree.not ? tree.rules[0] : tree);
  const at = (tree, path) => path.reduce((node, index) => node.rules[index], tree);
  const heightOf = (node) => (isGroup(node) ? 1 + Math.max(0, ...node.rules.map(heightOf)) : 0);

  const insert = (tree, path, node) => {
    at(tree, path.slice(0, -1)).rules.splice(path.at(-1), 0, node);
    return path;
  };

  // Groups that are emptied go too: a group of no conditions is true, or false, for everybody.
  const remove = (tree, path) => {
    const parent = at(tree, path.slice(0, -1));
    const [node] = parent.rules.splice(path.at(-1), 1);
    if (!parent.rules.length && path.length > 1) remove(tree, path.slice(0, -1));
    return node;
  };

  const move = {
    up: (tree, path) => path.at(-1) > 0 && swap(tree, path, path.at(-1) - 1),
    down: (tree, path) => path.at(-1) < at(tree, path.slice(0, -1)).rules.length - 1 && swap(tree, path, path.at(-1) + 1),
    // Into the group above it or below it; without one, into a group of its own.
    into: (tree, path) => {
      const parent = path.slice(0, -1);
      const index = path.at(-1);
      const [above, below] = [index - 1, index + 1].map((place) => at(tree, parent).rules[place]);
      if (above && isGroup(above)) return insert(tree, [...parent, index - 1, above.rules.length], remove(tree, path));
      if (below && isGroup(below)) {
        const node = at(tree, parent).rules.splice(index, 1)[0];
        return insert(tree, [...parent, index, 0], node);
      }
      at(tree, parent).rules[index] = { ...group(at(tree, path)), combinator: "any" };
      return [...path, 0];
    },
    out: (tree, path) => {
      if (path.length < 2) return false;
      const parent = path.slice(0, -1);
      insert(tree, [...parent.slice(0, -1), parent.at(-1) + 1], at(tree, path));
      const isEmptied = at(tree, parent).rules.length === 1;
      remove(tree, path);
      return [...parent.slice(0, -1), parent.at(-1) + (isEmptied ? 0 : 1)];
    },
  };
  const swap = (tree, path, other) => {
    const rules = at(tree, path.slice(0, -1)).rules;
    [rules[path.at(-1)], rules[other]] = [rules[other], rules[path.at(-1)]];
    return [...path.slice(0, -1), other];
  };

  // ---- values

  const isText = (value) => typeof value === "string";
  const isNumber = (value) => Number.isInteger(value) || isText(value?.number);
  const show = (value) => (value === GAP || value == null ? "" : String(value.number ?? value));
  const readText = (text) => text.replace(/^ +| +$/g, "") || GAP;
  const readNumber = (text) => {
    if (/^-?(0|[1-9]\d*)$/.test(text)) return Number(text);
    return /^-?(0|[1-9]\d*)\.\d+$/.test(text) ? { number: text } : GAP;
  };
  const hasGap = (node) => json(node).includes(json(GAP));

  // Every name in a condition that a control stands for.
  const NAMES = new Set(
    "trait fact context segment operator value shop factor number aggregate event field where of after window since within days weeks hours minutes op values".split(" "),
  );
  const namesIn = (thing) =>
    thing && typeof thing === "object" ? [...(Array.isArray(thing) ? [] : Object.keys(thing)), ...Object.values(thing).flatMap(namesIn)] : [];
  const pairs = (rows) => rows.map((row) => [row.name, row.label]);
  const into = (owner, name) => (value) => (owner[name] = value);

  // ---- elements

  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined || value === false) continue;
      if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
      else element[name] = value;
    }
    element.append(...children.filter((child) => child != null && child !== false));
    return element;
  };

  const icon = (name) => {
    const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#b-${name}`);
    svg.append(use);
    return svg;
  };

  // What can be done with a node, and by which keys.
  const ACTS = {
    up: "Alt+ArrowUp", down: "Alt+ArrowDown", out: "Alt+ArrowLeft", into: "Alt+ArrowRight",
    copy: "Control+C", duplicate: "Alt+D", remove: "Delete",
  };
  const CLIPBOARD = "microseg-rule-clipboard";
  const PAUSE = 250;
  let numbers = 0;

  class RuleBuilder extends HTMLElement {
    connectedCallback() {
      const field = document.getElementById(this.dataset.for);
      if (this.field || !field || !field.form) return;
      this.field = field;
      const row = field.closest(".form-row");
      if (row) row.before(this);
      this.start();
    }

    async start() {
      this.tree = group();
      this.saved = { tree: json(this.tree), text: "" };
      this.pieces = new WeakMap();
      this.past = [];
      this.future = [];
      try {
        this.know(await this.fetch(this.dataset.url));
      } catch {
        return; // the text field works alone
      }
      this.field.addEventListener("input", () => this.textChanged());
      this.field.form.addEventListener("submit", (event) => this.hold(event));
      this.addEventListener("keydown", (event) => this.keyed(event));
      for (const kind of ["copy", "cut", "paste"]) document.addEventListener(kind, (event) => this.clipped(event));
      this.frame();
      this.hidden = false;
      if (this.field.value.trim()) await this.readText({ isFirst: true });
    }
    know(description) {
      const byName = (rows) => Object.fromEntries(rows.map((row) => [row.name, row]));
      Object.assign(this, { description, words: description.words, texts: description.texts });
      for (const name of ["figures", "events", "facts", "contexts", "custom", "shop"]) this[name] = byName(description[name]);
    }

    say(name, about) {
      return this.words[name].replace("{}", about);
    }
    get rule() {
      return { version: this.description.version, rule: clone(toRule(this.tree)) };
    }

    async fetch(url, body, signal) {
      const token = this.field.form.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(url, body ? { method: "POST", body, signal, headers: { "X-CSRFToken": token } } : { signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }

    // Whoever asks again is told the last answer only.
    ask(given) {
      this.asked?.abort();
      this.asked = new AbortController();
      return this.inForms(given, this.asked.signal);
    }

    inForms(given, signal) {
      const slug = document.getElementById("id_slug");
      return this.fetch(this.dataset.ruleUrl, new URLSearchParams({ slug: slug?.value ?? "", ...given }), signal);
    }

    // ---- from the builder to the text

    // After every change of the tree. What is typed into one field is one step of the history.
    changed(key, { isTyped = false, said } = {}) {
      const tree = json(this.tree);
      if (tree === this.saved.tree) return;
      if (!isTyped || key !== this.typedKey) this.past.push(this.saved);
      this.typedKey = isTyped ? key : null;
      this.future = [];
      this.saved = { tree, text: null };
      this.errors = []; // those of the rule before
      if (isTyped) this.judge();
      else this.draw(key);
      if (said) this.announce(said);
      this.write();
    }

    write() {
      this.isBehind = true;
      this.field.readOnly = true;
      clearTimeout(this.timer);
      this.asked?.abort();
      this.timer = setTimeout(() => this.writeNow(), PAUSE);
    }

    async writeNow() {
      clearTimeout(this.timer);
      const { saved } = this;
      try {
        const empty = { text: saved.text ?? "", sentence: "", conditions: [], errors: [] };
        const answer = this.tree.rules.length ? await this.ask({ rule: json(this.rule) }) : empty;
        this.trouble("");
        this.show(answer);
        if (answer.text === null) return;
        saved.text = answer.text;
        this.isBehind = false;
        this.putText(answer.text);
      } catch (error) {
        if (error.name === "AbortError") return;
        this.trouble("failed", "again", () => this.writeNow());
      }
      this.field.readOnly = false;
    }

    // The preview of the page listens to the field too.
    putText(text) {
      if (this.field.value === text) return;
      this.field.value = this.put = text;
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    // A form that is sent before the text has caught up waits for it, and goes on by itself.
    async hold(event) {
      if (!this.isBehind) return;
      event.preventDefault();
      const { submitter } = event;
      await this.writeNow();
      if (this.isBehind) this.querySelector(".b-problem button, .b-error:not(:empty)")?.scrollIntoView({ block: "center" });
      else this.field.form.requestSubmit(submitter?.form ? submitter : null);
    }

    // ---- from the text to the builder

    textChanged() {
      if (this.field.value === this.put) return;
      this.put = undefined;
      this.body.disabled = true;
      clearTimeout(this.timer);
      this.asked?.abort();
      this.timer = setTimeout(() => this.readText(), PAUSE);
    }

    async readText({ isFirst = false } = {}) {
      const text = this.field.value;
      try {
        const nothing = { form: { rule: group() }, sentence: "", conditions: [], errors: [] };
        const answer = text.trim() ? await this.ask({ text }) : nothing;
        const isReadable = answer.form && (isFirst || !answer.errors.length);
        if (!isReadable) return this.trouble("badText", "takeBack", () => this.takeBack(), answer.errors[0].message);
        this.adopt(toTree(answer.form), text, isFirst);
        this.show(answer);
      } catch (error) {
        if (error.name !== "AbortError") this.trouble("failed", "again", () => this.readText({ isFirst }));
      }
    }

    adopt(tree, text, isFirst) {
      const isNew = !same(tree, this.tree);
      if (isNew && !isFirst) this.past.push(this.saved);
      if (isNew) this.future = [];
      this.saved = { tree: json(tree), text };
      if (isNew) this.tree = tree; // controls hold on to the one that they were drawn from
      this.typedKey = null;
      this.isBehind = this.body.disabled = this.field.readOnly = false;
      this.trouble("");
      if (isNew || isFirst) this.draw();
      if (isNew && !isFirst) this.announce(this.words.rebuilt);
    }

    takeBack() {
      this.body.disabled = false;
      this.trouble("");
      this.draw("");
      this.put = undefined;
      this.isBehind = true;
      this.writeNow();
    }

    announce(text) {
      this.status.textContent = text === this.status.textContent ? text + "\u00a0" : text;
    }

    trouble(name, button, act, detail = "") {
      this.problem.hidden = !name;
      this.problem.replaceChildren();
      if (!name) return;
      const way = make("button", { type: "button", onclick: act }, this.words[button]);
      this.problem.append(this.words[name], " ", way, detail && make("span", {}, detail));
    }

    // An answer: the sentence, each condition in words, and what is wrong with which of them.
    show(answer) {
      const { sentence, conditions, errors } = answer;
      this.sentence.textContent = sentence ? this.say("sentence", sentence) : "";
      this.errors = errors;
      const nodes = this.conditions().map(([, node]) => node);
      if (nodes.length === conditions.length) nodes.forEach((node, number) => this.pieces.set(node, conditions[number]));
      this.judge();
    }

    conditions() {
      return [...this.body.querySelectorAll(".b-condition")].map((place) => [place, at(this.tree, this.pathOf(place))]);
    }

    judge() {
      const errors = this.errors ?? [];
      this.conditions().forEach(([place, node], number) => {
        const found = errors.filter((error) => error.condition === number).map((error) => error.message);
        const isUnfinished = hasGap(node);
        place.querySelector(".b-error").textContent = (!isUnfinished && found[0]) || "";
        const piece = this.pieces.get(node);
        // In the line of the legend, so that nothing moves under the pointer when it is filled in.
        const legend = place.querySelector("legend span");
        legend.textContent = isUnfinished ? this.words.gap : piece?.words ?? "";
        legend.className = isUnfinished ? "b-gap" : "";
        const text = place.querySelector(".b-as-text");
        if (text && piece && document.activeElement !== text) text.value = piece.text;
      });
      const general = errors.find((error) => error.condition === null);
      this.general.textContent = general ? general.message : "";
    }

    frame() {
      for (const name of ["status", "problem", "general", "sentence", "body", "bar"]) this[name] = this.querySelector(`.b-${name}`);
      for (const button of this.querySelectorAll("[data-step]")) button.onclick = () => this.step(button.dataset.step);
      this.draw();
    }

    // Draw anew. `key` names the control that has the focus afterwards; without one the focus is left alone.
    draw(key) {
      numbers = 0;
      this.body.replaceChildren(this.body.firstElementChild, this.drawGroup(this.tree, []));
      this.judge();
      if (key === undefined) return;
      const wanted = key && this.body.querySelector(`[data-key="${CSS.escape(key)}"]`);
      (wanted || this.body.querySelector("button, select")).focus();
    }

    pathOf(element) {
      const text = element.closest("[data-path]").dataset.path;
      return text ? text.split(".").map(Number) : [];
    }

    drawGroup(node, path) {
      const { words } = this;
      const key = path.join(".");
      const modes = { all: ["all", false], any: ["any", false], none: ["any", true], notall: ["all", true] };
      const mode = node.not ? (node.combinator === "any" || node.rules.length === 1 ? "none" : "notall") : node.combinator;
      const options = Object.keys(modes).map((name) => [name, words[name]]);
      const choose = (name) => ([node.combinator, node.not] = modes[name]);
      const empty = path.length ? (mode === "all" || mode === "none" ? words.everybody : words.nobody) : this.emptyRoot(mode);
      const list = make("ol", {}, ...node.rules.map((inner, index) => make("li", {}, this.drawNode(inner, [...path, index]))));
      const button = (name, act) =>
        make("button", { type: "button", "data-key": `${key}/${name}`, onclick: act }, icon(name === "paste" ? "copy" : "add"), words[name]);
      return make(
        "fieldset",
        { className: "b-group", "data-path": key },
        make("legend", { className: path.length ? "" : "b-unseen" }, path.length ? this.say("group", path.map((i) => i + 1).join(".")) : words.somebody),
        path.length > 0 && this.acts(path),
        this.row(this.pick(`${key}/mode`, words.somebody, options, mode, choose)),
        node.rules.length ? list : make("p", { className: "b-empty" }, empty),
        this.row(
          button("addCondition", () => this.add(path, this.fresh("trait"))),
          path.length + 1 < this.description.max_depth && button("addGroup", () => this.add(path, { ...group(this.fresh("trait")), combinator: "any" })),
          button("paste", () => this.paste([...path, node.rules.length])),
        ),
      );
    }

    emptyRoot(mode) {
      if (!this.saved.text) return this.words.empty;
      return mode === "all" || mode === "none" ? this.words.everybody : this.words.nobody;
    }

    drawNode(node, path) {
      return isGroup(node) ? this.drawGroup(node, path) : this.drawCondition(node, path);
    }

    drawCondition(node, path) {
      const key = path.join(".");
      const isShown = this.canShow(node);
      const number = path.map((index) => index + 1).join(".");
      return make(
        "fieldset",
        { className: "b-condition", "data-path": key },
        make("legend", {}, `${this.say("condition", number)} `, make("span")),
        this.acts(path),
        ...(isShown ? this.controls(node, key) : this.asText(path)),
        make("p", { className: "b-error", role: "status" }),
      );
    }

    acts(path) {
      const key = path.join(".");
      const button = (name) => {
        const made = this.small(`${key}/${name}`, this.words[name], name, () => this.act(name, path));
        made.title += ` (${ACTS[name].replace("Arrow", "")})`;
        made.setAttribute("aria-keyshortcuts", ACTS[name]);
        return made;
      };
      return make("div", { className: "b-acts" }, ...Object.keys(ACTS).map(button));
    }

    pick(key, label, options, value, set) {
      const known = options.some(([option]) => same(option, value));
      const rows = known ? options : [...options, [value, value === GAP ? "…" : this.say("unknown", show(value))]];
      const list = rows.map(([option, words]) => make("option", { selected: same(option, value) }, words));
      const act = (event) => {
        const chosen = rows[event.target.selectedIndex][0];
        if (same(chosen, value)) return;
        set(chosen);
        this.changed(key);
      };
      return make("label", {}, make("span", {}, label), make("select", { "data-key": key, onchange: act }, ...list));
    }

    type(key, label, value, set, properties = {}) {
      const act = (event) => {
        set(event.target.value);
        this.changed(key, { isTyped: true });
      };
      return make("label", {}, make("span", {}, label), make("input", { type: "text", value: show(value), "data-key": key, oninput: act, ...properties }));
    }

    // One value of a kind. `term` says its bounds and choices, `of` what suggestions are asked for.
    value(key, label, kind, value, set, term = {}, of = null) {
      if (!this.texts.includes(kind)) return this.number(key, label, value, set, term);
      const choices = (term.choices ?? []).map(([choice, words]) => ({ value: String(choice), label: words }));
      if (!term.picker && !choices.length) return this.type(key, label, value, (text) => set(readText(text)));
      return this.combobox(key, label, value, (text) => set(readText(text)), term.picker ? of : null, choices);
    }

    number(key, label, value, set, { bounds, choices } = {}) {
      const few = choices ?? (bounds && bounds[1] - bounds[0] < 32 && Array.from({ length: bounds[1] - bounds[0] + 1 }, (_, i) => [bounds[0] + i, String(bounds[0] + i)]));
      if (few) return this.pick(key, label, few, value, set);
      const limits = bounds ? { min: bounds[0], max: bounds[1] } : {};
      return this.type(key, label, value, (text) => set(readNumber(text)), { type: "number", step: "any", ...limits });
    }

    // A field with suggestions below it, after the pattern of the ARIA practices; anything else may be typed too.
    combobox(key, label, value, set, of, choices = []) {
      const id = `microseg-b-${(numbers += 1)}`;
      const list = make("ul", { id, role: "listbox", "aria-label": label, hidden: true });
      let marked = -1;
      let asked = null;
      const close = () => {
        list.hidden = true;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
      };
      const take = (option) => {
        input.value = option.dataset.value;
        input.dispatchEvent(new Event("input"));
        close();
        input.focus();
      };
      const mark = (place) => {
        const options = [...list.children];
        marked = (place + options.length) % options.length;
        options.forEach((option, index) => option.setAttribute("aria-selected", String(index === marked)));
        options[marked].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[marked].id);
      };
      const open = (found) => {
        marked = -1;
        const rows = found.map(({ value: each, label: words }, index) => {
          const names = words === each ? [each] : [words, " ", make("small", {}, each)];
          return make("li", { id: `${id}-${index}`, role: "option", "aria-selected": "false", "data-value": each }, ...names);
        });
        list.replaceChildren(...rows);
        list.hidden = !rows.length || document.activeElement !== input;
        input.setAttribute("aria-expanded", String(!list.hidden));
        if (!list.hidden) this.announce(this.say("suggestions", rows.length));
      };
      const look = async ({ isAll = false } = {}) => {
        const start = isAll ? "" : input.value.trim();
        const near = choices.filter((choice) => (choice.value + " " + choice.label).toLowerCase().includes(start.toLowerCase()));
        if (!of) return open(near);
        asked?.abort();
        asked = new AbortController();
        try {
          const { values } = await this.fetch(`${this.dataset.valuesUrl}?${new URLSearchParams({ ...of, start })}`, null, asked.signal);
          const more = values.filter((each) => !near.some((choice) => choice.value === each.value));
          open([...near, ...more]);
        } catch (error) {
          if (error.name !== "AbortError") open(near);
        }
      };
      const keys = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.key === "Escape") close();
        else if (step || event.key === "Enter") {
          event.preventDefault();
          if (step && list.hidden) look({ isAll: true });
          else if (step) mark(marked < 0 && step < 0 ? -1 : marked + step);
          else if (!list.hidden && marked >= 0) take(list.children[marked]);
          else close();
        }
      };
      let pause = 0;
      const properties = {
        role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
        onkeydown: keys, onclick: () => list.hidden && look({ isAll: true }), onblur: () => setTimeout(close, 0),
      };
      const field = this.type(key, label, value, set, properties);
      const input = field.querySelector("input");
      input.addEventListener("input", (event) => {
        clearTimeout(pause);
        if (event.isTrusted) pause = setTimeout(look, PAUSE);
      });
      // On pressing, not on letting go: by then the field has lost the focus and the list is closed.
      list.addEventListener("mousedown", (event) => event.preventDefault());
      list.addEventListener("click", (event) => event.target.closest("[role=option]") && take(event.target.closest("[role=option]")));
      return make("div", { className: "b-combobox" }, field, list);
    }
    small(key, label, glyph, onclick) {
      return make("button", { type: "button", "aria-label": label, title: label, "data-key": key, onclick }, icon(glyph));
    }
    list(key, kind, values, set, term, of) {
      const put = (place, ...given) => {
        const changed = [...values];
        changed.splice(place, 1, ...given);
        set((values = changed));
      };
      const act = (place, focus, ...given) => () => {
        put(place, ...given);
        this.changed(`${key}.${Math.max(0, focus)}`);
      };
      const rows = values.map((value, index) =>
        make(
          "div",
          { className: "b-one" },
          this.value(`${key}.${index}`, this.say("values", index + 1), kind, value, (given) => put(index, given), term, of),
          values.length > 1 && this.small(`${key}.${index}/drop`, this.say("removeValue", index + 1), "close", act(index, index - 1)),
        ),
      );
      return [...rows, this.small(`${key}/add`, this.words.addValue, "add", act(values.length, values.length, GAP))];
    }
    event(key, label, value, set) {
      return this.pick(key, label, pairs(this.description.events), value, set);
    }

    fresh(subject) {
      const { description } = this;
      if (subject === "trait") {
        const event = (this.events.order_completed ?? description.events[0]).name;
        return { trait: { aggregate: "count", event }, operator: ">=", value: 1 };
      }
      if (subject === "segment") return { segment: GAP };
      if (subject in this.custom) {
        const blank = { flag: false, texts: [GAP] };
        const needed = this.custom[subject].parameters.filter((each) => each.required);
        return { custom: subject, parameters: Object.fromEntries(needed.map((each) => [each.name, blank[each.kind] ?? GAP])) };
      }
      const node = { [subject]: description[`${subject}s`][0].name, operator: "==", value: GAP };
      this.fit(node, description[`${subject}s`][0].kind);
      return node;
    }

    controls(node, key) {
      const { words, description } = this;
      const subject = SUBJECTS.find((name) => name in node);
      const subjects = [...description.subjects, ...pairs(description.custom)];
      const become = (name) => {
        for (const old of Object.keys(node)) delete node[old];
        Object.assign(node, this.fresh(name));
      };
      const about = this.pick(`${key}/about`, words.about, subjects, subject === "custom" ? node.custom : subject, become);
      const rest = {
        trait: () => this.traitControls(node, key),
        fact: () => this.named(node, key, "fact"),
        context: () => this.named(node, key, "context"),
        segment: () => [this.combobox(`${key}/segment`, words.segment, node.segment, (text) => (node.segment = readText(text)), { subject: "segment" })],
        custom: () => this.parameters(node, key),
      }[subject]();
      const [first, ...blocks] = Array.isArray(rest[0]) ? rest : [rest];
      return [this.row(about, ...first), ...blocks];
    }

    row(...controls) {
      return make("div", { className: "b-row" }, ...controls);
    }
    named(node, key, subject) {
      const rows = this.description[`${subject}s`];
      const name = node[subject];
      const term = this[`${subject}s`][name] ?? {};
      const kind = this.kindOf(node);
      const choose = (chosen) => {
        node[subject] = chosen;
        this.fit(node, this[`${subject}s`][chosen].kind);
      };
      return [
        this.pick(`${key}/name`, this.words[subject], pairs(rows), name, choose),
        ...this.comparison(node, key, kind, term, { subject, name }),
      ];
    }
    comparison(node, key, kind, term, of) {
      const { words } = this;
      const operators = this.operatorsOf(node, kind);
      const operator = this.pick(`${key}/op`, words.compare, operators, node.operator, (chosen) => this.setOperator(node, chosen));
      if (PRESENCE.includes(node.operator)) return [operator];
      if (LIST.includes(node.operator)) return [operator, ...this.list(`${key}/value`, kind, node.value, into(node, "value"), term, of)];
      if (node.value.trait || node.value.shop) return [operator, ...this.figure(node, key, kind)];
      const set = into(node, "value");
      return [operator, ...this.against(node, key, kind), this.value(`${key}/value`, words.value, kind, node.value, set, term, of)];
    }

    operatorsOf(node, kind) {
      const { figure_operators: figures, operators, presence } = this.description;
      const mayBeUnknown = !node.trait || this.figures[node.trait.aggregate].presence;
      return [...((node.trait ? figures : operators)[kind] ?? []), ...(mayBeUnknown ? presence : [])];
    }

    setOperator(node, operator) {
      const value = Array.isArray(node.value) ? node.value[0] : node.value;
      node.operator = operator;
      if (PRESENCE.includes(operator)) delete node.value;
      else if (!LIST.includes(operator)) node.value = value ?? GAP;
      else if (!Array.isArray(node.value)) node.value = [isText(value) || isNumber(value) ? value : GAP];
    }

    // After the kind of the subject has changed: what does not fit it any more is asked for anew.
    fit(node, kind) {
      const names = this.operatorsOf(node, kind).map(([name]) => name);
      if (!names.includes(node.operator)) this.setOperator(node, names[0]);
      if (!("value" in node)) return;
      const isFigure = node.trait && !this.texts.includes(kind) && (node.value.trait || node.value.shop);
      const fitting = (value) => (this.isValue(value, kind) ? value : GAP);
      if (!isFigure) node.value = Array.isArray(node.value) ? node.value.map(fitting) : fitting(node.value);
    }

    kindOf(node) {
      if (node.trait) return this.kindOfTrait(node.trait);
      const term = node.fact ? this.facts[node.fact] : this.contexts[node.context];
      return term?.kind ?? this.guess([node.value].flat());
    }

    kindOfTrait(trait) {
      const { kind } = this.figures[trait.aggregate];
      return kind === "field" ? this.events[trait.event]?.filters[trait.field] ?? "number" : kind;
    }

    // Of names that are not known here: what the values look like.
    guess(values) {
      return values.every((value) => value !== GAP && !isText(value)) && values[0] !== undefined ? "number" : "text";
    }

    against(node, key, kind) {
      if (!node.trait || this.texts.includes(kind)) return [];
      return [this.pick(`${key}/against`, this.words.against, this.sides(kind, node.value), this.sideOf(node.value), (side) => this.setSide(node, side))];
    }

    sideOf(value) {
      return value?.trait ? "other" : value?.shop ? "shop" : "plain";
    }

    sides(kind, value) {
      const names = ["plain", "other", ...(this.shopFigures(kind).length || value?.shop ? ["shop"] : [])];
      return names.map((name) => [name, this.words[name]]);
    }

    shopFigures(kind) {
      const plain = (each) => (each === "count" || each === "number" ? "plain" : each);
      return this.description.shop.filter((row) => plain(row.kind) === plain(kind));
    }

    setSide(node, side) {
      const kind = this.kindOf(node);
      if (side === "plain") node.value = GAP;
      else if (side === "shop") node.value = { shop: this.shopFigures(kind)[0].name };
      else node.value = { trait: clone(node.trait), factor: 2 };
    }

    figure(node, key, kind) {
      const { value } = node;
      const { words } = this;
      const setFactor = (text) => {
        const factor = readNumber(text);
        if (factor === 1) delete value.factor;
        else value.factor = factor;
      };
      const factor = this.type(`${key}/factor`, words.factor, value.factor ?? 1, setFactor, { type: "number", step: "any", min: 0 });
      const row = [...this.against(node, key, kind), factor];
      if (value.shop) {
        return [...row, this.pick(`${key}/shop`, words.shop, pairs(this.shopFigures(kind)), value.shop, into(value, "shop"))];
      }
      const { first, when, blocks } = this.trait(value.trait, `${key}/other`, node);
      const inner = [this.row(...first, ...when), ...blocks];
      return [...row, make("fieldset", { className: "b-part b-other" }, make("legend", {}, words.other), ...inner.filter(Boolean))];
    }

    traitControls(node, key) {
      const { trait } = node;
      const { first, when, blocks } = this.trait(trait, key, node);
      const term = this.figures[trait.aggregate].kind === "text" ? this.description.fields[trait.field] : {};
      const compared = this.comparison(node, key, this.kindOf(node), term, { subject: "field", name: trait.field, event: trait.event });
      const other = compared.at(-1).matches(".b-other") && compared.pop();
      return [[...first, ...compared, ...when], other, ...blocks];
    }

    // Event and figure; below them the window, the filter, and what came before.
    trait(trait, key, node) {
      const { words, description } = this;
      const figure = this.figures[trait.aggregate];
      const refit = () => node.trait === trait && this.fit(node, this.kindOf(node));
      const setFigure = (name) => {
        this.setFigure(trait, name);
        refit();
      };
      const setEvent = (name) => {
        trait.event = name;
        refit();
      };
      const setField = (name) => {
        trait.field = name;
        refit();
      };
      const properties = (this.events[trait.event]?.of[figure.field] ?? []).map((name) => [name, this.fieldName(name)]);
      const [when, start] = this.window(trait, `${key}/window`);
      return {
        first: [
          this.event(`${key}/event`, words.event, trait.event, setEvent),
          this.pick(`${key}/figure`, words.figure, pairs(description.figures), trait.aggregate, setFigure),
          ...(figure.field ? [this.pick(`${key}/field`, words.of, properties, trait.field, setField)] : []),
        ],
        when,
        blocks: [
          figure.part && this.tests(trait, "of", trait.event, `${key}/of`, words.part),
          figure.after && this.sequence(trait.after, `${key}/after`),
          this.tests(trait, "where", trait.event, `${key}/where`, words.where),
          start,
        ],
      };
    }

    fieldName(name) {
      return this.description.fields[name]?.label ?? name;
    }

    setFigure(trait, name) {
      const figure = this.figures[name];
      const event = this.events[trait.event];
      const known = event?.of[figure.field] ?? [];
      trait.aggregate = name;
      if (!figure.field) delete trait.field;
      else if (!known.includes(trait.field)) trait.field = known[0] ?? GAP;
      if (!figure.part) delete trait.of;
      else trait.of ??= [this.freshTest(trait.event)];
      if (!figure.after) delete trait.after;
      else trait.after ??= { event: "email_opened" in this.events ? "email_opened" : trait.event, within: { days: 7 } };
    }

    sequence(after, key) {
      const { words } = this;
      const [unit] = Object.keys(after.within);
      const row = this.row(
        this.event(`${key}/event`, words.event, after.event, into(after, "event")),
        this.length(`${key}/within`, words.within, after.within[unit], into(after.within, unit)),
        this.unit(`${key}/unit`, unit, (chosen) => (after.within = { [chosen]: after.within[unit] })),
      );
      return make("fieldset", { className: "b-part" }, make("legend", {}, words.after), row, this.tests(after, "where", after.event, `${key}/where`, words.where));
    }

    length(key, label, value, set) {
      // A length of time is a whole number; until it is one again, the last one stands.
      const act = (text) => /^\d+$/.test(text) && set(Number(text));
      return this.type(key, label, value, act, { type: "number", step: 1, min: 0 });
    }

    unit(key, unit, set) {
      return this.pick(key, this.words.unit, this.description.units, unit, set);
    }

    window(trait, key) {
      const { words, description } = this;
      const { window } = trait;
      const [unit] = window ? Object.keys(window) : [""];
      const kind = !window ? "all" : window.since ? "since" : Array.isArray(window[unit]) ? "between" : "last";
      const become = {
        all: () => delete trait.window,
        last: () => (trait.window = { days: 30 }),
        between: () => (trait.window = { days: [30, 90] }),
        since: () => (trait.window = { since: { event: "order_completed" in this.events ? "order_completed" : trait.event } }),
      };
      const row = [this.pick(`${key}/kind`, words.when, description.windows, kind, (name) => become[name]())];
      if (kind === "last") row.push(this.length(`${key}/length`, words.length, window[unit], into(window, unit)));
      if (kind === "between") {
        row.push(this.length(`${key}/from`, words.from, window[unit][0], (number) => (window[unit][0] = number)));
        row.push(this.length(`${key}/to`, words.to, window[unit][1], (number) => (window[unit][1] = number)));
      }
      if (kind === "last" || kind === "between") row.push(this.unit(`${key}/unit`, unit, (chosen) => (trait.window = { [chosen]: window[unit] })));
      if (kind !== "since") return [row];
      const { since } = window;
      row.push(this.event(`${key}/since`, words.start, since.event, into(since, "event")));
      return [row, this.tests(since, "where", since.event, `${key}/where`, words.start)];
    }

    freshTest(event) {
      const [field] = Object.keys(this.events[event]?.filters ?? { category: "text" });
      return { field, op: "eq", values: [GAP] };
    }

    kindOfTest(test, event) {
      return this.events[event]?.filters[test.field] ?? this.guess(test.values);
    }

    tests(owner, name, event, key, legend) {
      const { words } = this;
      const tests = owner[name] ?? [];
      const add = () => {
        owner[name] = [...tests, this.freshTest(event)];
        this.changed(`${key}.${tests.length}/field`);
      };
      const rows = tests.map((test, index) => this.test(owner, name, event, `${key}.${index}`, index));
      const button = make("button", { type: "button", "data-key": `${key}/add`, onclick: add }, icon("add"), words.addTest);
      if (!rows.length) return this.row(button);
      return make("fieldset", { className: "b-part" }, make("legend", {}, legend), ...rows, button);
    }

    test(owner, name, event, key, index) {
      const { words, description } = this;
      const test = owner[name][index];
      const kind = this.kindOfTest(test, event);
      const fields = Object.keys(this.events[event]?.filters ?? {}).map((field) => [field, this.fieldName(field)]);
      const isPresence = this.isPresence(test, kind);
      const setField = (field) => {
        test.field = field;
        const wanted = this.kindOfTest(test, event);
        if (!description.tests[wanted].some(([op]) => op === test.op)) this.setTest(test, "eq");
        if (!isPresence || !this.texts.includes(wanted)) test.values = test.values.map((value) => (value !== "" && this.isValue(value, wanted) ? value : GAP));
      };
      const drop = () => {
        owner[name].splice(index, 1);
        if (!owner[name].length) delete owner[name];
        this.changed(index ? `${key.replace(/\d+$/, index - 1)}/field` : `${key.replace(/\.\d+$/, "")}/add`);
      };
      const label = this.say("removeTest", index + 1);
      return this.row(
        this.pick(`${key}/field`, words.property, fields, test.field, setField),
        this.pick(`${key}/op`, words.test, description.tests[kind], isPresence ? "known" : test.op, (op) => this.setTest(test, op)),
        ...(isPresence ? [] : this.testValues(test, key, kind, event)),
        this.small(`${key}/drop`, label, "close", drop),
      );
    }

    testValues(test, key, kind, event) {
      const term = this.description.fields[test.field];
      const of = { subject: "field", name: test.field, event };
      if (LIST.includes(test.op)) return this.list(`${key}/value`, kind, test.values, into(test, "values"), term, of);
      const labels = test.op === "between" ? ["from", "to"] : ["value"];
      return labels.map((label, place) =>
        this.value(`${key}/value.${place}`, this.words[label], kind, test.values[place], into(test.values, place), term, of),
      );
    }
    isPresence(test, kind) {
      return test.op === "ne" && this.texts.includes(kind) && same(test.values, [""]);
    }

    setTest(test, op) {
      const [first = GAP] = test.values.filter((value) => value !== "");
      test.op = op === "known" ? "ne" : op;
      if (op === "known") test.values = [""];
      else if (op === "between") test.values = [first, test.values[1] ?? first];
      else if (!LIST.includes(op)) test.values = [first];
      else if (same(test.values, [""])) test.values = [GAP];
    }

    parameters(node, key) {
      return this.custom[node.custom].parameters.map((parameter) => this.parameter(node, parameter, `${key}/${parameter.name}`));
    }

    parameter(node, parameter, key) {
      const { label, kind, name, choices } = parameter;
      const given = (node.parameters ??= {});
      const value = name in given ? given[name] : parameter.default;
      const set = (chosen) => {
        if (chosen === GAP && !parameter.required) delete given[name];
        else given[name] = chosen;
      };
      if (kind === "flag") return this.pick(key, label, [[true, this.words.yes], [false, this.words.no]], value, set);
      if (kind === "event") return this.event(key, label, value, set);
      if (kind === "segment") return this.combobox(key, label, value, (text) => set(readText(text)), { subject: "segment" });
      if (kind === "whole" || kind === "number") return this.number(key, label, value, set);
      if (kind === "texts") return this.row(...this.list(key, "text", [value ?? []].flat(), set, { choices: choices }));
      return choices.length ? this.pick(key, label, choices, value, set) : this.type(key, label, value, (text) => set(readText(text)));
    }

    // ---- what cannot be shown

    isValue(value, kind) {
      return value === GAP || (this.texts.includes(kind) ? isText(value) : isNumber(value));
    }

    // Whether controls show all of a condition. Its shape is right, for every tree comes by way of the server.
    canShow(node) {
      if (node.custom) return this.canShowCustom(node);
      if (!namesIn(node).every((name) => NAMES.has(name))) return false;
      if (node.segment) return true;
      const kind = this.kindOf(node);
      const values = [node.value ?? []].flat();
      const figures = [node.trait, node.value?.trait].filter(Boolean);
      return (
        this.operatorsOf(node, kind).some(([name]) => name === node.operator) &&
        values.every((value) => this.isValue(value, kind) || value.trait || value.shop) &&
        figures.every((trait) => this.figures[trait.aggregate]) &&
        figures.flatMap((trait) => [trait, trait.after, trait.window?.since]).every((stream) => this.canTest(stream))
      );
    }

    canTest({ event, where = [], of = [] } = {}) {
      return [...where, ...of].every((test) => {
        const kind = this.kindOfTest(test, event);
        return this.description.tests[kind].some(([op]) => op === test.op) && test.values.every((value) => this.isValue(value, kind));
      });
    }

    canShowCustom(node) {
      const fits = { flag: (value) => value === true || value === false, whole: Number.isInteger, number: isNumber, texts: (value) => [value].flat().every(isText) };
      return Object.entries(node.parameters ?? {}).every(([name, value]) => {
        const parameter = this.custom[node.custom]?.parameters.find((each) => each.name === name);
        return parameter && (value === GAP || (fits[parameter.kind] ?? isText)(value));
      }) && node.custom in this.custom;
    }

    asText(path) {
      const key = `${path.join(".")}/text`;
      const field = make("input", { type: "text", className: "b-as-text", "data-key": key, spellcheck: false });
      field.addEventListener("change", async () => {
        const answer = await this.inForms({ text: field.value }).catch(() => null);
        field.setCustomValidity(answer?.form ? "" : answer?.errors[0].message ?? this.words.failed);
        if (!field.reportValidity()) return;
        at(this.tree, path.slice(0, -1)).rules[path.at(-1)] = answer.form.rule;
        this.changed(key);
      });
      return [make("p", { className: "b-note" }, this.words.textNote), this.row(make("label", { className: "b-wide" }, make("span", {}, this.words.text), field))];
    }

    // ---- what can be done with a node

    add(path, node, index = at(this.tree, path).rules.length) {
      insert(this.tree, [...path, index], node);
      const key = [...path, index].join(".");
      this.changed(isGroup(node) ? `${key}/mode` : `${key}/about`, { said: this.words.added });
    }

    act(name, path) {
      if (name === "copy") return this.copy(path);
      if (name === "remove") return this.takeOut(path);
      if (name === "duplicate") {
        this.add(path.slice(0, -1), clone(at(this.tree, path)), path.at(-1) + 1);
        return undefined;
      }
      const before = clone(this.tree);
      const place = move[name](this.tree, path);
      if (!place) return this.announce(this.words.stuck);
      if (heightOf(this.tree) > this.description.max_depth) {
        this.tree = before;
        this.draw(`${path.join(".")}/${name}`);
        return this.announce(this.words.stuck);
      }
      const said = { into: this.words.movedInto, out: this.words.movedOut }[name] ?? this.say("moved", place.at(-1) + 1);
      return this.changed(`${place.join(".")}/${name}`, { said });
    }

    // The focus goes to what stands there now, or above it, or to the group's way to add.
    takeOut(path) {
      let parent = path.slice(0, -1);
      while (parent.length && at(this.tree, parent).rules.length === 1) parent = parent.slice(0, -1);
      const index = path[parent.length];
      remove(this.tree, path);
      const left = at(this.tree, parent).rules.length;
      const key = left ? `${[...parent, Math.min(index, left - 1)].join(".")}/remove` : `${parent.join(".")}/addCondition`;
      this.changed(key, { said: this.words.removed });
    }

    copy(path) {
      const text = this.keep(path);
      navigator.clipboard?.writeText(text).catch(() => {});
      this.announce(this.words.copied);
    }

    keep(path) {
      this.kept = json({ version: this.description.version, rule: at(this.tree, path) });
      try {
        sessionStorage.setItem(CLIPBOARD, this.kept);
      } catch {} // then it is kept as long as the page
      return this.kept;
    }

    // What was copied here or elsewhere, as JSON or as a rule's text, at a place. The server reads it first.
    async paste(place, text) {
      try {
        text ||= sessionStorage.getItem(CLIPBOARD);
      } catch {}
      text ||= this.kept;
      if (!text?.trim()) return this.announce(this.words.nothing);
      const given = text.trim().startsWith("{") ? { rule: text } : { text };
      const answer = await this.inForms(given).catch(() => null);
      if (!answer?.form) return this.announce(this.say("noRule", answer?.errors[0].message ?? ""));
      const { rule } = answer.form;
      const parent = place.slice(0, -1);
      if (parent.length + 1 + heightOf(rule) > this.description.max_depth) return this.announce(this.words.stuck);
      insert(this.tree, place, rule);
      return this.changed(`${place.join(".")}/${isGroup(rule) ? "mode" : "about"}`, { said: this.words.pasted });
    }

    step(name) {
      const [from, onto] = name === "undo" ? [this.past, this.future] : [this.future, this.past];
      if (!from.length) return this.announce(this.words[name === "undo" ? "noUndo" : "noRedo"]);
      const key = document.activeElement?.dataset.key;
      onto.push(this.saved);
      this.saved = from.pop();
      this.tree = JSON.parse(this.saved.tree);
      this.typedKey = null;
      this.body.disabled = false;
      this.trouble("");
      this.draw(this.bar.contains(document.activeElement) ? undefined : key ?? "");
      this.announce(this.words[name === "undo" ? "undone" : "redone"]);
      return this.write();
    }

    keyed(event) {
      const letter = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && (letter === "z" || letter === "y") && !event.altKey) {
        event.preventDefault();
        this.step(letter === "y" || event.shiftKey ? "redo" : "undo");
        return;
      }
      const path = this.pathOfFocus(event.target);
      if (!path) return;
      const keys = (event.altKey ? "Alt+" : "") + event.code.replace("Key", "");
      const name = keys === "Alt+Enter" ? "below" : Object.keys(ACTS).find((act) => ACTS[act] === keys);
      if (!name || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (name === "below") this.add(path.slice(0, -1), this.fresh("trait"), path.at(-1) + 1);
      else this.act(name, path);
    }

    // Of a button of a condition or a group; in fields the keys are those of the field.
    pathOfFocus(element) {
      if (this.body.disabled || !element?.matches?.("button") || !this.body.contains(element)) return null;
      const path = this.pathOf(element);
      return path.length ? path : null;
    }

    clipped(event) {
      if (!this.body.contains(document.activeElement) || this.body.disabled || !document.activeElement.matches("button")) return;
      const path = this.pathOf(document.activeElement);
      if (event.type === "paste") {
        event.preventDefault();
        const text = event.clipboardData.getData("text/plain");
        this.paste(path.length ? [...path.slice(0, -1), path.at(-1) + 1] : [this.tree.rules.length], text);
      } else if (path.length && getSelection().isCollapsed) {
        event.preventDefault();
        event.clipboardData.setData("text/plain", this.keep(path));
        if (event.type === "cut") this.takeOut(path);
        else this.announce(this.words.copied);
      }
    }
  }

  customElements.define("microseg-rule-builder", RuleBuilder);
})();
