// node commands.js FILE.kql...: every management command through the syntax of Microsoft's own parser. Commands are separated by empty lines.
// Needs npm install @kusto/language-service-next beside it. Any diagnostic makes it fail.
'use strict';
const fs = require('fs');
global.window = global;
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { KustoCode, GlobalState } = global.Kusto.Language;

let commands = 0, wrong = 0;
for (const file of process.argv.slice(2)) {
  for (const text of fs.readFileSync(file, 'utf8').split('\n\n')) {
    const code = KustoCode.Parse(text, GlobalState.Default);
    const diagnostics = code.GetDiagnostics();
    commands++;
    for (let i = 0; i < diagnostics.Count; i++) {
      console.log(`${file}: ${diagnostics.getItem(i).Message} in: ${text.split('\n')[0]}`);
      wrong++;
    }
  }
}
console.log(`${commands} commands, ${wrong} diagnostics`);
process.exit(wrong > 0 || commands === 0 ? 1 : 0);
