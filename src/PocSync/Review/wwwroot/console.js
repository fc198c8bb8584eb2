// The console is whole without this: it says which clock the viewer has, keeps the open tab in sight, and sends a filter as soon as it is chosen.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;
document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
for (const select of document.querySelectorAll('form[method=get] select')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}
// What is under way is looked at again every two seconds, each element by its id; when it has ended the page is loaded anew, unless somebody has
// begun to tick or to write on it.
const live = () => [...document.querySelectorAll('[data-live]')];
const isTouched = () => [...document.querySelectorAll('form[method=post] :is([type=checkbox], [type=text])')].some(f => f.checked || f.value !== f.defaultValue);
async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const shown of answer.ok ? live() : []) {
      const now = page.getElementById(shown.id);
      const hasEnded = answer.redirected || !now?.hasAttribute('data-live');
      if (hasEnded && !isTouched()) {
        location.reload();
        return;
      }
      if (now && shown.innerHTML !== now.innerHTML) shown.replaceChildren(...now.childNodes);
      if (hasEnded) shown.removeAttribute('data-live');
    }
  } catch { /* The worker is not there at the moment: asked again. */ }
  if (live().length > 0) setTimeout(look, 2000);
}
if (live().length > 0) setTimeout(look, 2000);
