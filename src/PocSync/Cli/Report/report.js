'use strict';
const find = document.querySelector('.find');
const groups = [...document.querySelectorAll('details.group')];
const rows = [...document.querySelectorAll('#start tbody tr, details.group tbody tr, details.group .own li')]
  .map(row => ({ row, group: row.closest('details.group'), text: row.textContent.toLowerCase() }));
const opened = new Set();
find.hidden = false;
find.querySelector('input').addEventListener('input', event => {
  const wanted = event.target.value.trim().toLowerCase();
  const hits = new Set();
  for (const { row, group, text } of rows) {
    const isHit = !wanted || text.includes(wanted) || !!group && group.querySelector('.title').textContent.toLowerCase().includes(wanted);
    row.hidden = !isHit;
    if (isHit && group) hits.add(group);
  }
  for (const group of groups) {
    group.hidden = !!wanted && !hits.has(group);
    if (wanted && !group.open && hits.has(group)) { group.open = true; opened.add(group); }
    if (!wanted && opened.delete(group)) group.open = false;
  }
});
