#!/usr/bin/env node
// The launcher: refuses an older Node in plain words, then hands over to the program.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `declarant 需要 Node.js 24 或更高版本，当前为 ${process.versions.node}。请从 https://nodejs.org 安装，或在项目文件夹中运行 npm ci 后用 npx declarant。\n` +
      `declarant needs Node.js 24 or newer; this is ${process.versions.node}. Install it from https://nodejs.org, or run npm ci in the project folder and use npx declarant.\n`,
  );
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  // Node strips types from our sources, but not inside node_modules: there the built files are used.
  const isInstalled = import.meta.dirname.includes('node_modules');
  const { main } = await import(isInstalled ? '../dist/cli.js' : '../src/cli.ts');
  await main(process.argv);
}
