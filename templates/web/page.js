// Nothing depends on this file. It lets files be dropped and pasted, lists what was chosen, and asks before a written text is lost.
(() => {
  "use strict";
  for (const input of document.querySelectorAll("input[type=file]")) {
    const form = input.form, list = document.createElement("ul");
    list.className = "files";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    for (const hint of form.querySelectorAll(".js")) hint.hidden = false;
    const show = () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.textContent = file.name;
        return item;
      }));
    };
    const add = (files) => {
      const all = new DataTransfer();
      for (const file of [...input.files, ...files]) all.items.add(file);
      input.files = all.files;
      show();
    };
    input.addEventListener("change", show);
    form.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      const stamp = new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-");
      add(files.map((file) => file.name === "image.png" ? new File([file], "image-" + stamp + ".png", { type: file.type }) : file));
    });
    const drag = (on) => (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("drop", on);
      if (event.type === "drop") add(event.dataTransfer.files);
    };
    form.addEventListener("dragover", drag(true));
    form.addEventListener("dragleave", drag(false));
    form.addEventListener("drop", drag(false));
  }
  let sending = false;
  addEventListener("submit", () => { sending = true; });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => {
    const written = [...document.querySelectorAll("textarea:not([readonly])")].some((area) => area.value !== area.defaultValue);
    if (written && !sending) event.preventDefault();
  });
})();
