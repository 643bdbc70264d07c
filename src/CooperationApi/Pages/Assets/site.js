// Suggestions under the search box: a combobox with a listbox (ARIA Authoring Practices). The form also works alone.
const input = document.getElementById('search');
const list = document.getElementById('suggestions');
const status = list.nextElementSibling;
const { form } = input;

Object.assign(input, { role: 'combobox', ariaAutoComplete: 'list', ariaExpanded: 'false', autocomplete: 'off' });
input.setAttribute('aria-controls', list.id);

const typeNames = JSON.parse(list.dataset.types);
let active = -1;
let timer;
let request;

function activate(index) {
  const option = list.children[index];
  if (active >= 0) list.children[active].ariaSelected = 'false';
  if (option) option.ariaSelected = 'true';
  option?.scrollIntoView({ block: 'nearest' });
  input.setAttribute('aria-activedescendant', option?.id ?? '');
  active = index;
}

function show(hits, message) {
  activate(-1);
  list.replaceChildren(...hits.map((hit, index) => {
    const option = document.createElement('li');
    const [title, typeName] = [document.createElement('bdi'), document.createElement('small')];
    title.textContent = hit.title;
    Object.assign(typeName, { textContent: typeNames[hit.type], lang: document.documentElement.lang });
    option.append(title, typeName);
    option.dataset.path = `${hit.type}/${hit.id}`;
    return Object.assign(option, { id: `option-${index}`, role: 'option', ariaSelected: 'false' });
  }));
  list.hidden = hits.length === 0;
  input.ariaExpanded = String(!list.hidden);
  status.textContent = message;
}

function close() {
  clearTimeout(timer);
  request?.abort();
  show([], '');
}

async function suggest() {
  request = new AbortController();
  const { signal } = request;
  try {
    const response = await fetch(list.dataset.address + encodeURIComponent(input.value), { signal });
    const hits = response.ok ? (await response.json()).items : [];
    if (!signal.aborted) show(hits, hits.length > 0 ? list.dataset.count.replace('{0}', hits.length) : list.dataset.none);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function open({ dataset: { path } }) {
  const { lang: language } = form.elements;
  close();
  location.assign(form.action.replace(/search$/, path) + (language ? `?lang=${language.value}` : ''));
}

input.addEventListener('input', () => {
  clearTimeout(timer);
  request?.abort();
  if (/[\p{L}\p{N}]/u.test(input.value)) timer = setTimeout(suggest, 150);
  else close();
});

input.addEventListener('keydown', (event) => {
  if (event.isComposing || list.hidden) return;
  const { length } = list.children;
  // The text box is a stop between the last and the first option.
  if (event.key === 'ArrowDown') activate(active + 1 < length ? active + 1 : -1);
  else if (event.key === 'ArrowUp') activate(active < 0 ? length - 1 : active - 1);
  else if (event.key === 'Enter' && active >= 0) open(list.children[active]);
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
});

input.addEventListener('blur', close);
// A click does not take the focus from the text box.
list.addEventListener('pointerdown', (event) => event.preventDefault());
list.addEventListener('click', ({ target }) => {
  const option = target.closest('li');
  if (option) open(option);
});
