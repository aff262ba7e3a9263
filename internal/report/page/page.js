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

  // Times are UTC as they are written. Those of this computer are put in their
  // place; the texts of logs are left alone.
  var zone = (function () {
    var local = false;
    var written = []; // text nodes, and what is written in them
    var stamp = /\b(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\b/g;
    function two(n) { return (n < 10 ? '0' : '') + n; }
    function format(d) {
      return local
        ? d.getFullYear() + '-' + two(d.getMonth() + 1) + '-' + two(d.getDate()) + ' ' + two(d.getHours()) + ':' + two(d.getMinutes()) + ':' + two(d.getSeconds())
        : d.toISOString().slice(0, 19).replace('T', ' ');
    }
    function name() {
      return local ? Intl.DateTimeFormat().resolvedOptions().timeZone || 'local' : 'UTC';
    }
    function find() {
      var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, function (node) {
        return node.parentNode.closest('pre, code, script, style, svg, bdi, .said, .code, .occurrences') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
      });
      while (walker.nextNode()) {
        var text = walker.currentNode.nodeValue;
        if (text.search(stamp) >= 0 || walker.currentNode.parentNode.hasAttribute('data-zone')) {
          written.push({ node: walker.currentNode, text: text });
        }
      }
    }
    function show() {
      written.forEach(function (w) {
        w.node.nodeValue = !local ? w.text : w.text.replace('UTC', name()).replace(stamp, function (all, y, m, d, h, min, s) {
          return format(new Date(Date.UTC(+y, m - 1, +d, +h, +min, +s)));
        });
      });
    }
    function start() {
      var button = byId('zone');
      var note = byId('all-times');
      var utc = note.textContent;
      button.addEventListener('click', function () {
        local = !local;
        if (!written.length) { find(); }
        show();
        button.textContent = local ? button.dataset.utc : button.dataset.local;
        note.textContent = local ? note.dataset.local.replace('{zone}', name()) : utc;
        document.dispatchEvent(new Event('zonechange'));
      });
      button.hidden = false;
    }
    return { start: start, format: format };
  })();

  // The events of all kinds, as they stand in the page as data. They become
  // rows when somebody opens their kind.
  var events = (function () {
    var data = byId('occurrences');
    data = data ? JSON.parse(data.textContent) : { computers: [], sources: [], texts: [], groups: [] };
    function cell(row, text, kind) {
      var td = document.createElement('td');
      td.textContent = text;
      if (kind) { td.className = kind; }
      row.appendChild(td);
    }
    function fill(body, rows) {
      body.textContent = '';
      rows.forEach(function (e) {
        var row = document.createElement('tr');
        cell(row, e[0] === null ? '' : zone.format(new Date(e[0] * 1000)), 't');
        cell(row, data.computers[e[2]]);
        cell(row, e[1], 'n');
        cell(row, data.texts[e[4]], 'said');
        cell(row, data.sources[e[3]]);
        body.appendChild(row);
      });
    }
    return { data: data, fill: fill };
  })();

  // Search: every word has to be in the text, whatever its capitals and accents.
  function plain(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  }

  // The kinds of errors and warnings: which are shown, in which order, and of
  // an open one which events.
  function kinds() {
    var input = byId('search');
    if (!input) { return; }
    var status = byId('found');
    var list = byId('kinds');
    var data = events.data;
    var texts = null; // made when they are first wanted
    var all = Array.prototype.map.call(list.children, function (item, i) {
      return { item: item, rows: data.groups[i] || [], at: i, text: null, shown: data.groups[i] || [] };
    });
    function has(text, words) {
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    }
    function matching(kind, words, computer) {
      texts = texts || data.texts.map(plain);
      return kind.rows.filter(function (e) {
        return (computer === '' || data.computers[e[2]] === computer) &&
          (!words.length || has(texts[e[4]] + ' ' + plain(data.computers[e[2]]) + ' ' + e[1], words));
      });
    }
    function draw(kind) {
      var box = kind.item.querySelector('.occurrences');
      if (!box || !kind.item.firstElementChild.open) { return; }
      events.fill(box.querySelector('tbody'), kind.shown);
      box.hidden = kind.shown.length === 0;
    }
    function decide(kind, words, level, computer) {
      kind.shown = kind.rows;
      if (level && kind.item.dataset.level !== level) { return false; }
      if (!words.length && computer === '') { return true; }
      kind.shown = matching(kind, words, computer);
      if (kind.shown.length) { return true; }
      kind.text = kind.text || plain(kind.item.textContent);
      if (computer !== '' && kind.rows.length || !has(kind.text, words)) { return false; }
      kind.shown = kind.rows; // what is wanted stands in the example alone
      return true;
    }
    function run() {
      var words = plain(input.value).split(/\s+/).filter(Boolean);
      var level = byId('level').value;
      var computer = byId('computer').value;
      var n = 0;
      all.forEach(function (kind) {
        var shows = decide(kind, words, level, computer);
        kind.item.hidden = !shows;
        if (shows) { n++; draw(kind); }
      });
      status.textContent = words.length || level || computer
        ? status.dataset.shown.replace('{n}', n).replace('{all}', all.length) : '';
    }
    function sort() {
      var by = byId('sort').value;
      var sorted = all.slice().sort(function (a, b) {
        var order = by === 'last' ? b.item.dataset.last - a.item.dataset.last
          : by === 'first' ? a.item.dataset.first - b.item.dataset.first : 0;
        return order || a.at - b.at;
      });
      sorted.forEach(function (kind) { list.appendChild(kind.item); });
    }
    function computers() {
      var select = byId('computer');
      data.computers.slice().sort().forEach(function (name) {
        var option = document.createElement('option');
        option.value = option.textContent = name;
        select.appendChild(option);
      });
      byId('computer-label').hidden = data.computers.length < 2;
    }
    var timer;
    input.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(run, 150);
    });
    byId('level').addEventListener('change', run);
    byId('computer').addEventListener('change', run);
    byId('sort').addEventListener('change', sort);
    all.forEach(function (kind) {
      kind.item.firstElementChild.addEventListener('toggle', function () { draw(kind); });
    });
    document.addEventListener('zonechange', function () { all.forEach(draw); });
    computers();
    document.querySelector('.search').hidden = false;
    if (input.value || byId('level').value || byId('computer').value) { run(); } // the browser kept it over a reload
    if (byId('sort').value !== 'count') { sort(); }
  }

  // A link to a problem that is folded opens it.
  function targets() {
    function open() {
      var target = /^#problem-\d+$/.test(location.hash) && byId(location.hash.slice(1));
      if (target) {
        target.querySelector('details').open = true;
        target.scrollIntoView();
        target.focus({ preventScroll: true });
      }
    }
    window.addEventListener('hashchange', open);
    document.addEventListener('click', function (event) {
      var link = event.target.closest && event.target.closest('a');
      if (link && (link.getAttribute('href') || '') === location.hash) { open(); }
    });
    open();
  }

  // On paper nothing can be opened: two pages of summary are printed, and
  // everything when it is asked for.
  function print() {
    var button = byId('print-all');
    var opened = [];
    button.addEventListener('click', function () {
      root.dataset.print = 'all';
      document.querySelectorAll('main details:not([open])').forEach(function (details) {
        if (!details.classList.contains('onscreen')) {
          details.open = true;
          opened.push(details);
        }
      });
      // The rows of events are made when a kind has opened: after this.
      setTimeout(function () { window.print(); }, 0);
    });
    window.addEventListener('afterprint', function () {
      delete root.dataset.print;
      opened.forEach(function (details) { details.open = false; });
      opened = [];
    });
    button.hidden = false;
  }

  theme();
  zone.start();
  copies();
  kinds();
  targets();
  print();
})();
