// @ts-check
/** Elements, made one by one: nothing in the chat parses HTML. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes] texts and numbers
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * @param {string} className
 * @param {(event: MouseEvent) => void} onClick
 * @param {...(Node | string)} children
 */
export function button(className, onClick, ...children) {
  const node = el("button", { type: "button", class: className }, ...children);
  node.addEventListener("click", onClick);
  return node;
}

/** @param {string} text read by screen readers only */
export const hidden = (text) => el("span", { class: "hidden" }, text);

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} d */
export function icon(d) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.ariaHidden = "true";
  svg.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", d);
  return svg;
}

/**
 * French sets a space before these signs, and no line may start with them.
 * @param {string} text
 */
export const unbroken = (text) => text.replace(/ (?=[?!:;»](?:\s|$))/g, "\u00a0").replace(/« /g, "«\u00a0");
