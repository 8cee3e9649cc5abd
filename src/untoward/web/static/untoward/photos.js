// Shows the chosen photo before it is sent. The form works without.
"use strict";
const chosen = document.getElementById("file");
const preview = document.getElementById("preview");
if (chosen && preview) {
  chosen.addEventListener("change", () => {
    const file = chosen.files[0];
    preview.hidden = !file;
    if (file) preview.src = URL.createObjectURL(file);
  });
}
