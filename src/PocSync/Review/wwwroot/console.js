// The console is whole without this: it says which clock the viewer has, keeps the open tab in sight, and sends a filter as soon as it is chosen.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;
document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
for (const select of document.querySelectorAll('form[method=get] select')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}
