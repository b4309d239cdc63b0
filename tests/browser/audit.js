// What a page owes to everybody, as a list of sentences about what is wrong with it: names of fields, links, buttons and
// pictures; landmarks and the order of headings; contrast; sizes of what is tapped; nothing wider than the window.
() => {
  const findings = [];
  const say = (element, fault) => findings.push(`${fault}: ${element.outerHTML.replace(/\s+/g, " ").slice(0, 120)}`);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const isForEarsOnly = (element) => element.closest(".unseen, .skip:not(:focus)") !== null;

  // ---- names
  const textOf = (id) => document.getElementById(id)?.textContent.trim() ?? "";
  const nameOf = (element) =>
    element.getAttribute("aria-label")?.trim() ||
    (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).map(textOf).join(" ").trim() ||
    [...(element.labels ?? [])].map((label) => label.textContent.trim()).join(" ") ||
    element.textContent.trim() ||
    all("img[alt]", element).map((image) => image.alt).join(" ").trim() ||
    element.title;
  for (const element of all("a[href], button, summary, input:not([type=hidden]), select, textarea, progress")) {
    const isHidden = element.closest("[aria-hidden=true]") !== null;
    if (isHidden && element.tabIndex >= 0 && isShown(element)) say(element, "reachable but hidden from readers");
    if (!isHidden && !nameOf(element)) say(element, "has no name");
  }
  for (const image of all("img:not([alt])")) say(image, "has no alternative text");
  for (const group of all("fieldset")) if (!group.querySelector("legend")) say(group, "has no legend");
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) findings.push(`id twice: ${id}`);
  for (const element of all("[aria-labelledby], [aria-describedby], label[for]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
      for (const id of (element.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) say(element, `${attribute} leads nowhere`);
      }
    }
  }

  // ---- landmarks and headings
  for (const [selector, number] of [["main", 1], ["body > header", 1], ["body > footer", 1], ["h1", 1]]) {
    if (all(selector).length !== number) findings.push(`${all(selector).length} of ${selector}, not ${number}`);
  }
  const navigations = all("nav").map((element) => element.getAttribute("aria-label"));
  if (new Set(navigations).size !== navigations.length) findings.push("two navigations of one name");
  if (!document.documentElement.lang) findings.push("the page does not say its language");
  if (!document.title.trim()) findings.push("the page has no title");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(isShown)) {
    const here = Number(heading.tagName[1]);
    if (here > level + 1) say(heading, `heading of level ${here} after ${level}`);
    level = here;
  }

  // ---- contrast: WCAG 2.2, 1.4.3
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, place) => (part * a + under[place] * (255 - a)) / 255);
  const groundOf = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((p) => (p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const speaking = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) speaking.add(walker.currentNode.parentElement);
  for (const element of speaking) {
    if (!isShown(element) || isForEarsOnly(element) || element.closest("svg, option, :disabled")) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = contrast(over(rgba(style.color), ground), ground);
    if (found < needed) say(element, `contrast ${found.toFixed(2)} instead of ${needed}`);
  }

  // ---- what is tapped: 44 px, but for links within a line of text
  const isWithinText = (element) =>
    element.matches("a") &&
    getComputedStyle(element).display === "inline" &&
    element.parentElement.textContent.trim() !== element.textContent.trim();
  for (const element of all("a[href], button, summary, select, input:not([type=hidden])")) {
    if (!isShown(element) || isForEarsOnly(element) || isWithinText(element)) continue;
    const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
    const { width, height } = target.getBoundingClientRect();
    if (Math.round(height) < 44 || Math.round(width) < 24) say(element, `only ${Math.round(width)} x ${Math.round(height)} px`);
  }

  // ---- width
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) findings.push(`wider than the window by ${scrollWidth - clientWidth} px`);
  return findings;
}
