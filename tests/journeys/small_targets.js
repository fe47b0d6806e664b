// What a finger must hit and could miss. Buttons, fields and choices are 44 px high on touch widths; links, and all of
// them with a mouse, the 24 px of WCAG 2.5.8, which leaves out links inside a sentence. A box in its label is the label.
(touch) => {
    const least = (one) => (touch && !one.matches("a:not(.button)") ? 43.5 : 23.5);
    const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
    const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    const height = (one) => {
        const label = one.matches("input") && (one.closest("label") ?? document.querySelector(`label[for="${one.id}"]`));
        const box = one.matches("[type=checkbox], [type=radio]") && label ? label : one;
        return Math.max(one.getBoundingClientRect().height, box.getBoundingClientRect().height);
    };
    const inWords = (one) => {
        if (!one.matches("a") || getComputedStyle(one).display !== "inline") return false;
        const around = one.closest("p, li, td, dd, dt, figcaption, label, small, span, h2, h3, div");
        return around.textContent.trim().length > one.textContent.trim().length + 12;
    };
    return [...document.querySelectorAll(kinds)]
        .filter((one) => seen(one) && !one.closest("svg, .skip, .uplot") && one.getBoundingClientRect().width > 1)
        .filter((one) => !inWords(one))
        .filter((one) => height(one) < least(one))
        .map((one) => `${Math.round(height(one))} px ${one.outerHTML.slice(0, 120)}`);
}
