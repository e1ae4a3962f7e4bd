/** Writes `docs/problems.md` from the common-problem catalogue: `node src/commands/make-problem-docs.ts`. A test compares. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadExplanations } from '../pack/explanations.ts';
import type { CommonProblem } from '../reports/common-problems/entry.ts';
import { openCommonProblems } from '../reports/common-problems/open.ts';
import { readGroups } from '../reports/common-problems/read.ts';

/** Signs that Markdown would take for its own. */
function plain(text: string): string {
  return text.replaceAll(/[\\*_`<>[\]|#]/gu, (sign) => `\\${sign}`).replaceAll('\n', ' ⏎ ');
}

function code(text: string): string {
  const line = text.replaceAll('\n', ' ⏎ ').replaceAll(/[\u0000-\u001f\u007f]/gu, '␀');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

function entryDocs({ id, title, words, cause, steps, example, source }: CommonProblem): string {
  const numbered = (list: readonly string[]): string =>
    list.map((step, index) => `${list.length > 1 ? `${index + 1}. ` : ''}${plain(step)}`).join(' ');
  return [
    `### ${code(id)}`,
    '',
    `**${plain(title.zh)}** · ${plain(title.en)}`,
    '',
    ...(words.length === 0 ? [] : [`- 原话 Words: ${words.map((each) => `“${plain(each)}”`).join(' / ')}`]),
    `- 原因：${plain(cause.zh)}<br>Cause: ${plain(cause.en)}`,
    `- 怎么办：${numbered(steps.zh)}<br>What to do: ${numbered(steps.en)}`,
    ...(example === undefined
      ? []
      : [`- 例 Example: ${code(example.before.zh)} → ${code(example.after.zh)}`]),
    `- 依据 Source: ${plain(source)}`,
  ].join('\n');
}

/** The whole page, of the pack that comes with the program. */
export function problemDocs(): string {
  const entries = openCommonProblems({ pack: loadExplanations('cn-goods-declaration') }).all();
  const named = readGroups();
  const ids = new Set([...named.keys(), ...entries.map((entry) => entry.group)]);
  const groups = [...ids]
    .map((group) => ({ group, title: named.get(group) ?? { zh: group, en: group } }))
    .map(({ group, title }) => ({
      group,
      title,
      members: entries.filter((entry) => entry.group === group).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    }));
  const shown = groups.filter(({ members }) => members.length > 0);
  return `${[
    '# 常见问题 · Common problems',
    '',
    '<!-- Made by src/commands/make-problem-docs.ts from schemas/declarant/common-problems, schemas/cn/goods-declaration/common-problems, the problem texts and their samples; a test compares. -->',
    '',
    `${entries.length} 条。在命令行里查：\`declarant problems 科学计数法\`、\`declarant problems "粘贴窗口的原话"\`、\`declarant explain Z\`。`,
    `${entries.length} entries. On the command line: \`declarant problems rejected\`, \`declarant problems "the message as pasted"\`, \`declarant explain Z\`.`,
    '',
    '本单位自己的条目放在 `problems` 设置的文件夹里（格式见 `schemas/declarant/common-problem.schema.json`），优先于这里的；`declarant problems --learn` 从台账收集没有条目解释的退回原因。',
    "An office's own entries lie in the folder that the setting `problems` names (format: `schemas/declarant/common-problem.schema.json`) and win over these; `declarant problems --learn` collects from the ledger the rejections that no entry explains.",
    '',
    ...shown.map(
      ({ group, title, members }) => `- [${title.zh} · ${title.en}](#${group}) (${members.length})`,
    ),
    ...shown.flatMap(({ group, title, members }) => [
      '',
      `<a id="${group}"></a>`,
      '',
      `## ${title.zh} · ${title.en}`,
      ...members.flatMap((entry) => ['', entryDocs(entry)]),
    ]),
  ].join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../../docs/problems.md'), problemDocs());
