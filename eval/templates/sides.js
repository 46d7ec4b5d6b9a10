const [find, count] = ["find", "count"].map((id) => document.getElementById(id));
const choices = [...document.querySelectorAll("select")];
const cards = [...document.querySelectorAll("article")];

function narrow() {
  const text = find.value.trim().toLowerCase();
  const wanted = choices.map((choice) => choice.value).filter(Boolean);
  for (const card of cards) {
    const kinds = card.dataset.kinds.split(" ");
    card.hidden = !card.dataset.search.includes(text) || !wanted.every((kind) => kinds.includes(kind));
  }
  count.textContent = `${cards.filter((card) => !card.hidden).length} of ${cards.length} queries`;
}

for (const control of [find, ...choices]) control.addEventListener("input", narrow);
narrow();
