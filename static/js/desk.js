// The choice of a department leaves only its own people to choose from. Without this file the
// list stays whole, grouped by department, and the form says what does not fit.
(() => {
  "use strict";

  const narrow = (people, department) => {
    const chosen = department.selectedOptions[0];
    const unit = department.value ? chosen.textContent.trim() : "";
    people.querySelectorAll("optgroup").forEach((group) => {
      const fits = !unit || group.label === unit;
      group.hidden = group.disabled = !fits;
      if (!fits && group.contains(people.selectedOptions[0])) people.value = "";
    });
  };

  document.querySelectorAll("[data-narrowed-by]").forEach((people) => {
    const department = people.form.elements[people.dataset.narrowedBy];
    narrow(people, department);
    department.addEventListener("change", () => narrow(people, department));
  });
})();
