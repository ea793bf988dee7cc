// The shop that the rules are about. It grows with the number of rules: who writes 100,000 rules has thousands of products,
// stores and campaigns, so that the rules which concern one page view stay about as few.

export const slots = ['announcement', 'hero', 'banner', 'offer', 'advice', 'note'];
export const tiers = ['none', 'silver', 'gold', 'platinum'];
export const countries = ['PL', 'DE', 'CZ', 'SK', 'LT', 'FR', 'IT', 'ES', 'SE', 'GB'];
export const languages = ['pl-PL', 'de-DE', 'de-AT', 'cs-CZ', 'sk-SK', 'lt-LT', 'fr-FR', 'it-IT', 'es-ES', 'sv-SE', 'en-GB', 'en-US'];
export const devices = ['mobile', 'desktop', 'tablet'];
export const sources = ['newsletter', 'instagram', 'google', 'partner'];

/** The middle of the time in which the visits take place; rules are scheduled around it. */
export const season = Date.UTC(2026, 10, 20, 12);
export const hour = 3_600_000;
export const day = 24 * hour;

const kinds = ['linen-shirt', 'wool-coat', 'pleated-skirt', 'silk-blouse', 'denim-jacket', 'rain-boots', 'felt-hat', 'travel-bag'];
const departments = ['women', 'men', 'children', 'home', 'sport'];

const named = (count, name) => Array.from({ length: Math.round(count) }, (_, number) => name(number));

/** What a shop with that many page rules sells, and where. Each thing is the subject of the same few rules at any size. */
export function shopOf(ruleCount) {
  const at = (share, least) => Math.max(least, ruleCount * share);
  return {
    products: named(at(0.1, 12), (number) => `/p/${kinds[number % kinds.length]}-${number}`),
    categories: named(at(0.02, 6), (number) => `/c/${departments[number % departments.length]}/${kinds[number % kinds.length]}s-${number}`),
    campaigns: named(at(0.05, 6), (number) => `${['spring', 'summer', 'autumn', 'winter'][number % 4]}-${number}`),
    stores: named(at(0.03, 6), (number) => `store-${number}`),
    brands: named(at(0.02, 5), (number) => `brand-${number}`),
    companies: named(at(0.03, 4), (number) => `company-${number}`),
  };
}
