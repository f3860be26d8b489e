// @ts-check
// Draws /openapi.json: operations by tag, then the schemas. Text only, nothing is parsed as HTML.

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A schema in one line: names of types, `[]` for lists. @param {any} schema @returns {string} */
function type(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return union.map(type).join(" | ");
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `${type(schema.items)}[]`;
  if (schema.type === "object" && schema.properties) {
    const fields = Object.entries(schema.properties).map(([name, field]) => {
      const optional = (schema.required ?? []).includes(name) ? "" : "?";
      return `${name}${optional}: ${type(field)}`;
    });
    return `{ ${fields.join(", ")} }`;
  }
  return Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
}

/** @param {any} content media type → {schema} @returns {string} */
const body = (content) =>
  Object.entries(content ?? {}).map(([media, { schema }]) => `${media}: ${type(schema)}`).join("\n");

/** @param {string} path @param {string} method @param {any} operation */
function operation(path, method, operation) {
  const inside = el("div");
  if (operation.security?.length) inside.append(el("p", {}, "Authorization: Bearer <token>"));
  for (const parameter of operation.parameters ?? []) {
    inside.append(el("p", {}, el("code", {}, parameter.name), ` (${parameter.in}) ${parameter.description ?? ""}`));
  }
  if (operation.requestBody) inside.append(el("pre", {}, body(operation.requestBody.content)));
  const rows = el("tbody");
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    rows.append(
      el("tr", {}, el("th", { scope: "row" }, status), el("td", {}, answer.description), el("td", {}, el("code", {}, body(answer.content)))),
    );
  }
  inside.append(el("table", {}, rows));
  const heading = el("summary", {}, el("span", { class: "method" }, method.toUpperCase()), " ", el("code", {}, path), ` — ${operation.summary ?? ""}`);
  return el("details", {}, heading, inside);
}

const main = /** @type {HTMLElement} */ (document.getElementById("api"));
try {
  const response = await fetch("/openapi.json");
  const api = await response.json();
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      const tag = described.tags?.[0] ?? "";
      if (!groups.has(tag)) groups.set(tag, el("section", {}, el("h2", {}, tag)));
      groups.get(tag)?.append(operation(path, method, described));
    }
  }
  main.append(...groups.values());
  const schemas = el("section", {}, el("h2", {}, "schemas"));
  for (const [name, schema] of Object.entries(api.components?.schemas ?? {})) {
    schemas.append(
      el("details", {}, el("summary", {}, el("code", {}, name)), el("div", {}, el("p", {}, schema.description ?? ""), el("pre", {}, type(schema)))),
    );
  }
  main.append(schemas);
} catch {
  main.append(el("p", { role: "alert" }, "La description de l’API n’a pas pu être chargée. Rechargez la page."));
}
