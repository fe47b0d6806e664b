// What can be reached by keyboard and does not show that it is: the page's own outline or another change is wanted.
() => {
    const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const all = [...document.querySelectorAll(kinds)].filter((one) => one.checkVisibility() && !one.disabled);
    const look = (one) => {
        const shown = (it) => { const s = getComputedStyle(it); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor].join(); };
        return [one, one.parentElement, one.nextElementSibling].filter(Boolean).map(shown).join(";");
    };
    const unseen = [];
    for (const one of all.slice(0, 60)) {
        const before = look(one);
        one.focus({ preventScroll: true, focusVisible: true });
        if (document.activeElement === one && look(one) === before) unseen.push(one.outerHTML.slice(0, 120));
        one.blur();
    }
    return unseen;
}
