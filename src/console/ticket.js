// @ts-check
/** A file goes with an answer inside its form, written as text. */

const box = document.getElementById("with-file");
const input = /** @type {HTMLInputElement | null} */ (document.getElementById("file"));
const form = input?.form;

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (form?.elements.namedItem(name));

/** @param {string} text */
function say(text) {
  const state = document.getElementById("file-state");
  if (state) state.textContent = text;
}

/** @param {File | undefined} file */
async function take(file) {
  for (const name of ["file_content", "file_name", "file_type"]) field(name).value = "";
  input?.setCustomValidity("");
  say("");
  if (!file) return;
  const max = Number(box?.dataset.max);
  if (file.size > max) {
    const why = `Ce fichier dépasse la limite de ${(max / 1e6).toLocaleString("fr")}\u00a0Mo.`;
    input?.setCustomValidity(why);
    return say(why);
  }
  // The form must not leave before the file is in it.
  input?.setCustomValidity("Lecture du fichier…");
  const read = new FileReader();
  read.onload = () => {
    // `data:…;base64,…`
    field("file_content").value = String(read.result).split(",", 2)[1] ?? "";
    field("file_name").value = file.name;
    field("file_type").value = file.type;
    input?.setCustomValidity("");
    say("Ce fichier partira avec votre réponse, dans la conversation et par e-mail.");
  };
  read.onerror = () => say("Ce fichier ne peut pas être lu.");
  read.readAsDataURL(file);
}

if (box && input && form) {
  input.addEventListener("change", () => take(input.files?.[0]));
  // A note has no file: nobody but the team reads it.
  const look = () => {
    const isNote = new FormData(form).get("kind") === "note";
    box.hidden = isNote;
    if (!isNote) return;
    input.value = "";
    void take(undefined);
  };
  form.addEventListener("change", look);
  look();
}
