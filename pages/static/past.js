// The slider of the past: letting it go shows the dialogue as it was after that event.
// Without script the number beside it does the same.

const form = document.querySelector("form[data-slide]");
const number = form.elements.at;
const slider = form.querySelector("input[type=range]");
form.querySelector("[data-slider]").hidden = false;

let asked = 0;

async function show() {
  const mine = (asked += 1);
  const address = `${form.getAttribute("action")}?at=${slider.value}`;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const then = fresh.getElementById("then");
  // Who slid on in the meantime is shown where they are now.
  if (mine !== asked || !then) return;
  document.getElementById("then").replaceChildren(...then.childNodes);
  history.replaceState(null, "", address);
}

slider.addEventListener("input", () => {
  number.value = slider.value;
});
slider.addEventListener("change", show);
number.addEventListener("input", () => {
  if (number.checkValidity()) slider.value = number.value;
});
