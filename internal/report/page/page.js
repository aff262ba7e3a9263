(function () {
  'use strict';
  var root = document.documentElement;
  function byId(id) { return document.getElementById(id); }

  // Colours: those of the system, until the button is used.
  function theme() {
    var button = byId('theme');
    var system = window.matchMedia('(prefers-color-scheme: dark)');
    function isDark() {
      return root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
    }
    function label() {
      button.textContent = isDark() ? button.dataset.light : button.dataset.dark;
    }
    button.addEventListener('click', function () {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      label();
    });
    if (system.addEventListener) { system.addEventListener('change', label); }
    label();
    button.hidden = false;
  }

  // Copying: by the clipboard where that is allowed, else as of old; if
  // neither works the text is left selected.
  var words = byId('copied').dataset;
  var say = (function () {
    var timer;
    return function (text) {
      var status = byId('copied');
      clearTimeout(timer);
      status.textContent = text;
      timer = setTimeout(function () { status.textContent = ''; }, 6000);
    };
  })();
  function copyOldWay(text, button) {
    var area = document.createElement('textarea');
    area.className = 'copyarea';
    area.setAttribute('aria-label', button.getAttribute('aria-label') || button.textContent);
    area.value = text;
    area.readOnly = true;
    button.parentNode.insertBefore(area, button.nextSibling);
    area.select();
    var done = false;
    try { done = document.execCommand('copy'); } catch (e) { done = false; }
    if (done) {
      area.remove();
      button.focus();
      say(words.done);
      return;
    }
    area.addEventListener('blur', function () { area.remove(); });
    say(words.bykey);
  }
  function copy(button) {
    var text = button.dataset.copy;
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(
        function () { say(words.done); },
        function () { copyOldWay(text, button); });
      return;
    }
    copyOldWay(text, button);
  }
  function copies() {
    document.querySelectorAll('button[data-copy]').forEach(function (button) {
      button.addEventListener('click', function () { copy(button); });
      button.hidden = false;
    });
  }

  // Search: every word has to be in the text, whatever its capitals and accents.
  function plain(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  }
  function search() {
    var input = byId('search');
    if (!input) { return; }
    var status = byId('found');
    var kinds = Array.prototype.slice.call(byId('kinds').children);
    var texts = null; // made when the first letter is typed
    function run() {
      var wanted = plain(input.value).split(/\s+/).filter(Boolean);
      texts = texts || kinds.map(function (kind) { return plain(kind.textContent); });
      var n = 0;
      kinds.forEach(function (kind, i) {
        var shows = wanted.every(function (word) { return texts[i].indexOf(word) >= 0; });
        kind.hidden = !shows;
        if (shows) { n++; }
      });
      status.textContent = wanted.length
        ? status.dataset.shown.replace('{n}', n).replace('{all}', kinds.length) : '';
    }
    var timer;
    input.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(run, 150);
    });
    document.querySelector('.search').hidden = false;
    if (input.value) { run(); } // the browser kept it over a reload
  }

  // On paper nothing can be opened: what is worth the paper is opened before.
  function print() {
    var opened = [];
    window.addEventListener('beforeprint', function () {
      document.querySelectorAll('details[data-print]:not([open])').forEach(function (details) {
        details.open = true;
        opened.push(details);
      });
    });
    window.addEventListener('afterprint', function () {
      opened.forEach(function (details) { details.open = false; });
      opened = [];
    });
  }

  theme();
  copies();
  search();
  print();
})();
