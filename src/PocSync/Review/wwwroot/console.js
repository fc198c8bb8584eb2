// The console is whole without this: it says which clock the viewer has, keeps the open tab in sight, and sends a filter as soon as it is chosen.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;
document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
for (const select of document.querySelectorAll('form[method=get] select')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}
// What is under way is looked at again every two seconds, until it has ended.
const live = () => document.querySelector('[data-live]');
async function look() {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const now = answer.ok && !answer.redirected && page.querySelector('[data-live]');
    if (now) {
      if (live().innerHTML !== now.innerHTML) live().replaceChildren(...now.childNodes);
    } else if (answer.ok || answer.redirected) {
      // What somebody has begun to tick or to write is not taken from them.
      if (![...document.querySelectorAll('form[method=post] :is([type=checkbox], [type=text])')].some(f => f.checked || f.value !== f.defaultValue)) location.reload();
      return;
    }
  } catch { /* The worker is not there at the moment: asked again. */ }
  setTimeout(look, 2000);
}
if (live()) setTimeout(look, 2000);
