/** Which documents a run looks at: those of its pack, beside the manifest. */
import type { Documents } from '../model/documents.ts';
import type { Pack } from '../pack/pack.ts';

/** `beside`: where they lie, where that is not the manifest's own folder. */
export function documentsOf(pack: Pack, beside?: string): { readonly documents?: Documents } {
  const { documents: segment } = pack;
  if (segment === undefined) return {};
  return {
    documents: {
      segment,
      async complete(declaration) {
        const { completeDocuments } = await import('../window/cn-client/documents.ts');
        return completeDocuments(declaration, beside);
      },
    },
  };
}
