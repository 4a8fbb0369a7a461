// T12: the page turned to a language that is written from right to left, its letters replaced by Hebrew ones. Numbers of
// phones, cards and codes must still read from left to right, and nothing may stick out. Gives a list of complaints.
() => {
  const d = document, complaints = [];
  const texts = () => {
    const walker = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT), found = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode())
      if (text.data.trim() && !text.parentElement.closest('script, style, .vh')) found.push(text);
    return found;
  };
  const overflow = (when) => {
    const root = d.documentElement;
    if (root.scrollWidth > innerWidth) complaints.push(`${when}: scrolls sideways: ${root.scrollWidth} > ${innerWidth}`);
    [...d.querySelectorAll('body *')].forEach((element) => {
      const box = element.getBoundingClientRect();
      const away = element.closest('.vh, .skip') || !element.checkVisibility();
      if (!away && (box.left < -1 || box.right > innerWidth + 1)) complaints.push(`${when}: sticks out: ${element.outerHTML.slice(0, 90)}`);
    });
  };
  const reversed = (text, from, to) => {
    const range = d.createRange();
    let before = null;
    for (let at = from; at < to; at += 1) {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      if (!box.width || text.data[at] === ' ') continue;
      if (before && Math.abs(before.top - box.top) < 2 && box.left < before.left) return true;
      before = box;
    }
    return false;
  };

  d.documentElement.dir = 'rtl';
  overflow('turned');
  texts().forEach((text) => {
    if (!text.parentElement.closest('[dir=ltr]:not(html)')) text.data = text.data.replace(/\p{L}/gu, '\u05d0');
  });
  overflow('in Hebrew letters');
  texts().forEach((text) => {
    const whole = text.parentElement.closest('bdi[dir=ltr]');
    const words = text.data.replace(/\d+:\d\d(:\d\d)?/g, (time) => 'x'.repeat(time.length));
    const runs = whole ? [{ 0: text.data, index: 0 }] : words.matchAll(/\+?\d(?:[ *-]*[\d*])+/g);
    for (const run of runs) {
      if (reversed(text, run.index, run.index + run[0].length)) complaints.push(`T12: reversed: ${run[0]}`);
    }
  });
  d.querySelectorAll('input[inputmode], input[type=tel], input[type=email], input[type=password]').forEach((field) => {
    if (getComputedStyle(field).direction !== 'ltr') complaints.push(`T12: ${field.id} is typed from right to left`);
  });
  return complaints;
}
