// Of a document only its fingerprint (SHA-256) is kept: it is made here, so that the document
// stays on this machine, however large it is. Where the browser makes none (it does so over
// HTTPS alone), or without script, the document is sent and hashed there.

const hex = (bytes) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function watch(file) {
  const { form } = file;
  const name = file.name;
  const print = form.elements[file.dataset.fingerprint];
  const said = document.getElementById(`${file.id}-said`);
  let making = null;

  async function make(chosen) {
    said.textContent = said.dataset.making;
    try {
      const made = hex(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
      if (file.files[0] !== chosen) return;
      print.value = made;
      // Without a name it is not sent.
      file.removeAttribute("name");
      said.textContent = said.dataset.made;
    } catch {
      said.textContent = said.dataset.not;
    }
  }

  function chosen() {
    file.name = name;
    said.textContent = "";
    making = file.files[0] ? make(file.files[0]).finally(() => (making = null)) : null;
  }

  form.addEventListener("submit", (event) => {
    if (!making) return;
    event.preventDefault();
    making.then(() => form.requestSubmit(event.submitter));
  });
  file.addEventListener("change", chosen);
  // A browser that goes back may have kept the choice.
  if (file.files[0]) chosen();
}

if (globalThis.crypto?.subtle)
  for (const file of document.querySelectorAll("input[type=file][data-fingerprint]")) watch(file);
