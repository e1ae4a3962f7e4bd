/** The form of a pack's message: `message.json`. */
import { type MessageForm, parseMessageForm } from '../model/message-form.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { findPack, readJson } from './pack-files.ts';

/** Throws `Stop` (exit 2) where the pack has no message, or a broken form of it. */
export function loadMessageForm(pack: string): MessageForm {
  const folder = findPack(pack);
  const json = readJson(folder, 'message.json');
  try {
    return parseMessageForm(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Stop('pack/broken', exitCode.usage, {
      facts: { file: `${folder.path}/message.json`, reason },
      cause,
    });
  }
}
