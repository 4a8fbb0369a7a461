// What the rules of the pages say of one page as it is shown: gives a list of complaints. `asked` is {big, wrong}.
(asked) => {
  const d = document, complaints = [];
  const all = (selector, root) => [...(root || d).querySelectorAll(selector)];
  const named = (element) => `${element.tagName.toLowerCase()}${element.id ? '#' + element.id : ''} "${(element.textContent || element.name || '').trim().slice(0, 30)}"`;
  const blame = (rule, words) => complaints.push(`${rule}: ${words}`);
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== 'hidden';
  };

  // G1, G2, G16: one heading, one status, in order.
  const headings = all('h1').map((h) => h.textContent.trim());
  if (headings.length !== 1 || !headings[0]) blame('G1', `h1: ${headings}`);
  if (!d.title.includes(headings[0])) blame('G1', `the title ${d.title} is not of ${headings[0]}`);
  if (all('[role=status]').filter((s) => s.dataset.words === undefined || s.textContent.trim()).length > 1) blame('G16', 'several role=status');
  const ids = all('[id]').map((element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => blame('HTML', `the id ${id} is there twice`));

  // T3: each link of the summary leads to a field that can be focused and says the same.
  all('#errors a').forEach((link) => {
    const field = d.getElementById(link.hash.slice(1));
    if (!field) return blame('T3', `${link.hash} leads nowhere`);
    if (field.tabIndex < 0 || field.disabled) blame('T3', `${link.hash} cannot be focused`);
    const error = d.getElementById(field.id.replace(/_\d+$/, '') + '_error');
    const told = error && error.textContent.replace(all('.vh', error).map((v) => v.textContent).join(''), '').trim();
    if (told !== link.textContent.trim()) blame('T3', `"${link.textContent}" is told "${told}" at its field`);
  });
  if (asked.wrong && !all('#errors li').length) blame('T3', 'no summary of mistakes');

  // T4: what describes a field exists, and its mistake is part of it.
  all('[aria-describedby], [aria-labelledby], [aria-controls]').forEach((element) => {
    ['aria-describedby', 'aria-labelledby', 'aria-controls'].forEach((name) => {
      (element.getAttribute(name) || '').split(' ').filter(Boolean)
        .forEach((id) => { if (!d.getElementById(id)) blame('T4', `${name}=${id} does not exist`); });
    });
  });
  all('[aria-invalid=true]').forEach((field) => {
    if (!(field.getAttribute('aria-describedby') || '').includes('_error')) blame('T4', `${named(field)} does not name its error`);
  });

  // T5: the browser's own checks stay off.
  all('input, select, textarea').forEach((field) => {
    ['required', 'maxlength', 'pattern', 'placeholder', 'autofocus'].forEach((name) => {
      if (field.hasAttribute(name)) blame('T5', `${named(field)} has ${name}`);
    });
    if (field.type === 'number') blame('T5', `${named(field)} is a number`);
  });
  all('form').forEach((form) => { if (!form.noValidate) blame('T5', `${named(form)} validates`); });

  // T9: a finger finds what can be pressed. Links inside a sentence are spaced by its lines.
  all('a[href], button, input:not([type=hidden]), summary').filter(visible).forEach((target) => {
    if (target.matches('.skip') || (target.matches('p a:not([class])') && target.parentElement.textContent.trim() !== target.textContent.trim())) return;
    const choice = target.matches('[type=radio], [type=checkbox]');
    const box = (choice ? target.closest('label') || target : target).getBoundingClientRect();
    const main = target.matches('main .btn, main input');
    const least = main ? (asked.big ? 60 : 48) : 44;
    if (box.height < least - 0.5 || box.width < 44 - 0.5) blame('T9', `${named(target)} is ${box.width.toFixed(0)} x ${box.height.toFixed(0)}, not ${least}`);
  });

  // T10: the border of a field and the ring of the focus stand out.
  const shade = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [shade(one), shade(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = getComputedStyle(d.body).backgroundColor;
  all('input:not([type=hidden], [type=radio], [type=checkbox])').filter(visible).forEach((field) => {
    if (contrast(getComputedStyle(field).borderTopColor, ground) < 3) blame('T10', `${named(field)} has a faint border`);
  });
  const before = d.activeElement, ringed = d.getElementById('errors') || all('main input:not([type=hidden])')[0];
  if (ringed) {
    ringed.focus();
    const style = getComputedStyle(ringed), dark = style.boxShadow.match(/rgba?\([^)]*\)/);
    if (style.outlineStyle === 'none' || !dark) blame('T10', `${named(ringed)} has no ring`);
    else {
      if (contrast(style.outlineColor, dark[0]) < 3) blame('T10', 'the two rings are alike');
      if (Math.max(contrast(style.outlineColor, ground), contrast(dark[0], ground)) < 3) blame('T10', 'the ring is faint');
    }
    before.focus();
  }

  // T12: digits that belong together stay together, from left to right, whatever surrounds them.
  const walker = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (text.parentElement.closest('script, style, .vh, bdi[dir=ltr], title')) continue;
    const runs = text.data.replace(/\d+:\d\d(:\d\d)?/g, '').match(/\+?\d(?:[ *-]*[\d*]){3,}/g) || [];
    runs.push(...(text.data.match(/\S*\*{3}\S*/g) || []));
    runs.filter((run) => !/^(19|20)\d\d$/.test(run)).forEach((run) => blame('T12', `${run} stands outside of bdi`));
  }
  all('bdi').forEach((bdi) => { if (bdi.dir !== 'ltr') blame('T12', `${named(bdi)} has no direction`); });

  // T15: nothing turns the page by itself.
  if (all('meta[http-equiv=refresh]').length) blame('T15', 'meta refresh');
  return complaints;
}
