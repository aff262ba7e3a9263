// node check.js FILE.kql: every query through Microsoft's own parser, against the columns of the table Event.
// Needs npm install @kusto/language-service-next beside it. Any diagnostic makes it fail.
'use strict';
const fs = require('fs');
global.window = global;
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { KustoCode, GlobalState } = global.Kusto.Language;

const table = 'let Event = datatable(TimeGenerated:datetime, Source:string, EventLog:string, Computer:string, EventLevel:int, ' +
  'EventLevelName:string, RenderedDescription:string, ParameterXml:string, EventID:int)[];\n';
const queries = fs.readFileSync(process.argv[2], 'utf8').split('\n\n')
  .filter(q => q.split('\n').some(line => line && !line.startsWith('//')));
let wrong = 0;
for (const query of queries) {
  const diagnostics = KustoCode.ParseAndAnalyze(table + query, GlobalState.Default).GetDiagnostics();
  for (let i = 0; i < diagnostics.Count; i++) {
    console.log(diagnostics.getItem(i).Message + ' in: ' + query.split('\n')[0]);
    wrong++;
  }
}
console.log(`${queries.length} queries, ${wrong} diagnostics`);
process.exit(wrong > 0 || queries.length === 0 ? 1 : 0);
