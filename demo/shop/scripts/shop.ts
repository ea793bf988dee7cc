import { startAccount } from './account.js';
import { showBasketCount } from './basket-count.js';
import { startBasket } from './basket.js';
import { startCategory } from './category.js';
import { startCheckout, startOrder } from './checkout.js';
import { startHelp } from './help.js';
import { workOffline } from './offline.js';
import { askForConsent } from './privacy.js';
import { startProduct } from './product.js';

const pages: Readonly<Record<string, () => void>> = {
  account: startAccount,
  basket: startBasket,
  category: startCategory,
  checkout: startCheckout,
  help: startHelp,
  order: startOrder,
  product: startProduct,
};

askForConsent();
showBasketCount();
pages[document.body.dataset['page'] ?? '']?.();
void workOffline();
