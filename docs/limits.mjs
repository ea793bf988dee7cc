// Writes docs/limits.md: every limit that hosts, authors or visitors can meet, with its value and reason read from the source and the test that
// reaches it. `--check` only says whether it is up to date. Fails when a limit, its reason or its test is not where this list says.
import { readFileSync } from 'node:fs';
import { cell, put } from './generated.mjs';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

const limitsTest = 'tests/core/engine/limits_test.cpp';
/** What is limited, the constant or the option, the file that says how much and why, the test file, and what stands in it. */
const limits = {
  'Rules, when they are written': [
    ['nested operations of a rule', 'LowerLimits::depth', 'core/src/rules/lower.h', 'tests/core/rules/lower_test.cpp', 'LimitsAreOptionsAndAreTold'],
    ['operations and values of a rule', 'LowerLimits::nodes', 'core/src/rules/lower.h', 'tests/core/rules/lower_test.cpp', 'LimitsAreOptionsAndAreTold'],
    ['nesting of data in a rule', 'max_constant_depth', 'core/src/rules/expression.h', 'tests/core/rules/lower_test.cpp', 'ConstantsOfAProgramMayNotNestTooDeep'],
    ['bytes of a regular expression', 'PatternLimits::bytes', 'core/src/rules/pattern_compile.h', 'tests/core/rules/pattern_test.cpp', 'LimitsAreOptionsAndAreTold'],
    ['groups inside one another', 'PatternLimits::depth', 'core/src/rules/pattern_compile.h', 'tests/core/rules/pattern_test.cpp', 'LimitsAreOptionsAndAreTold'],
    ['instructions of a regular expression', 'PatternLimits::instructions', 'core/src/rules/pattern_compile.h', 'tests/core/rules/pattern_test.cpp', 'LimitsAreOptionsAndAreTold'],
    ['bytes of a URL pattern', 'max_url_pattern_bytes', 'core/src/rules/url_pattern.h', 'tests/core/rules/pattern_test.cpp', 'max_url_pattern_bytes'],
  ],
  'Rules, when they run': [
    ['steps of one rule', 'EvaluationLimits::steps', 'core/src/rules/evaluate.h', limitsTest, 'ARuleOverItsBudgetIsFalseAndSaysSo'],
    ['bytes of what one rule makes', 'EvaluationLimits::memory', 'core/src/rules/evaluate.h', 'tests/core/rules/evaluate_test.cpp', 'StopsAtItsMemory'],
    ['nesting of what a rule gives', 'max_result_depth', 'core/src/rules/evaluate.h', 'tests/core/rules/evaluate_test.cpp', 'NestedResultsEndAtTheirLimit'],
    ['operations of all rules of a step', 'max_step_operations', 'core/src/profile/environment.h', limitsTest, 'TheRulesOfAStepShareABudget'],
    ['a rule and definitions that use one another', 'max_nesting', 'core/src/rules/definitions.h', limitsTest, 'DefinitionsUseOneAnotherOnlySoDeep'],
  ],
  'One step': [
    ['bytes of an event', 'max_event_bytes', 'core/src/profile/event.h', limitsTest, 'AnEventHoldsSoManyBytes'],
    ['nesting of an event', 'max_event_depth', 'core/src/profile/event.h', limitsTest, 'AnEventNestsSoDeep'],
    ['slots that a step decides', 'max_decided_slots', 'core/src/profile/event.h', limitsTest, 'AStepDecidesSoManySlots'],
    ['parameters read of a URL', 'max_query_parameters', 'core/src/profile/event.cpp', limitsTest, 'AQueryHasSoManyParameters'],
    ['timers that fire', 'max_timers', 'core/src/journey/journeys.h', limitsTest, 'SoManyTimersFireInAStep'],
    ['stages that continue at once', 'max_hops', 'core/src/journey/journeys.h', limitsTest, 'ALoopOfStagesIsCut'],
    ['journeys that journeys start', 'max_starts', 'core/src/journey/journeys.h', limitsTest, 'AStepStartsSoManyJourneys'],
    ['notices of a step', 'max_notices', 'core/src/profile/environment.h', limitsTest, 'AStepGivesSoManyNotices'],
    ['bytes of an interpolated value', 'max_interpolated_bytes', 'core/src/decision/content.cpp', limitsTest, 'InterpolatedValuesAreCut'],
  ],
  'What is remembered of a visitor': [
    ['bytes of all past events', 'max_history_bytes', 'core/src/profile/history.h', limitsTest, 'PastEventsHaveSoMuchRoom'],
    ['bytes of a property looked back at', 'max_property_bytes', 'core/src/profile/history.h', 'tests/vectors/journeys/history-keeps-what-rules-ask.json', 'history.property_too_large'],
    ['exposures of an experience', 'max_remembered_exposures', 'core/src/program/records.h', limitsTest, 'SoManyExposuresAreKept'],
    ['holds of people, those that ended included', 'max_holds', 'core/src/profile/state.h', limitsTest, 'TheLatestWordOnSoManyHoldsIsRemembered'],
    ['bytes of a name in a hold of a person', 'longest_name', 'core/src/journey/holds.cpp', 'tests/vectors/journeys/holds-have-short-names.json', 'one byte more is refused'],
    ['bytes of the reason of a hold', 'longest_reason', 'core/src/journey/holds.cpp', 'tests/vectors/journeys/holds-have-short-names.json', 'one byte more is refused'],
    ['sources of a trait', 'max_trait_sources', 'core/src/profile/state.h', limitsTest, 'ATraitHasSoManySources'],
    ['bytes of a trait', 'max_trait_bytes', 'core/src/profile/state.h', 'tests/vectors/journeys/traits-are-checked.json', 'trait.too_large'],
    ['bytes of a page', 'max_page_bytes', 'core/src/profile/state.h', 'tests/vectors/journeys/pages-and-devices-are-bounded.json', 'step.too_large'],
    ['bytes of a device', 'max_device_bytes', 'core/src/profile/state.h', 'tests/vectors/journeys/pages-and-devices-are-bounded.json', 'device.too_large'],
    ['messages, to know duplicates', 'max_remembered_messages', 'core/src/profile/recent_messages.h', limitsTest, 'TheLatestMessagesAreRemembered'],
  ],
  'What is read': [
    ['bytes of a compiled program', 'max_program_bytes', 'core/src/program/program.cpp', limitsTest, 'AProgramHasSoManyBytes'],
    ['nesting of a value between host and engine', 'wire_depth_limit', 'core/src/value/wire.h', 'tests/vectors/wire.json', 'one level too deep'],
    ['nesting of JSON', 'JsonLimits::depth', 'core/src/value/json.h', 'tests/core/value/json_test.cpp', 'LimitsAreOptions'],
    ['bytes of JSON', 'JsonLimits::bytes', 'core/src/value/json.h', 'tests/core/value/json_test.cpp', 'LimitsAreOptions'],
  ],
};

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

/** The value and the comment of a constant, or of a member of a struct of options: behind it on its line, else the lines above. */
function declaration(name, path) {
  const [member, struct] = name.split('::').reverse();
  let text = read(path);
  if (struct) text = text.slice(text.indexOf(`struct ${struct} {`));
  const lines = text.split('\n');
  const place = lines.findIndex((line) => new RegExp(`\\b${member}\\s*=\\s*`).test(line) && /;/.test(line));
  if (place < 0) throw new Error(`${path} declares no ${name}`);
  const [, value, behind] = lines[place].match(/=\s*(.+?);(?:\s*\/\/\s*(.+))?$/);
  const above = [];
  for (let line = place - 1; behind === undefined && /^\s*\/\/\//.test(lines[line] ?? ''); line--) above.unshift(lines[line].replace(/^\s*\/\/\/\s?/, ''));
  const reason = behind ?? above.join(' ');
  if (reason === '') throw new Error(`${path} does not say why ${name} is what it is`);
  return { value: value.replaceAll("'", '').replace('std::size_t', '').replace(/(?<=\d)u\b/g, ''), reason: sentence(reason) };
}

/** What is computed in the source, as people read it. */
const computed = { '16 * 1024': '16 KiB', '4 * 1024': '4 KiB', '{sizeof(void*) == 4 ? 64 : 256} << 20': '256 MiB; 64 MiB in a page', '64 << 20': '64 MiB', '1 << 20': '1 MiB', '32 * 1024': '32 KiB' };

function amount(value) {
  const text = computed[value] ?? Number(value).toLocaleString('en');
  if (text === 'NaN') throw new Error(`say how people read ${value}`);
  return text;
}

function row([what, name, path, testPath, test]) {
  const { value, reason } = declaration(name, path);
  if (!read(testPath).includes(test)) throw new Error(`${testPath} has no ${test}`);
  return `| ${what} | ${amount(value)} | ${cell(reason)} | [\`${name}\`](../${path}) | [\`${test}\`](../${testPath}) |`;
}

const tables = Object.entries(limits).map(([title, rows]) =>
  [`## ${title}`, '', '| what | at most | why | where | test |', '| --- | --- | --- | --- | --- |', ...rows.map(row)].join('\n'));
put('docs/limits.md', `<!-- Generated by docs/limits.mjs from the sources it names; do not edit. -->
# Limits

Nothing in the engine grows or runs without bound. A rule beyond its budget is false and the decision says \`budget\`; an event beyond a limit is refused and changes nothing;
what is remembered beyond one drops its oldest. \`wayline check PACK --costs\` says beforehand what each rule and a page view may cost.

${tables.join('\n\n')}
`);
