//! Where an account is served, and with what.

use super::{AccountError, AccountFact, AccountState, Decision};
use crate::{LocationId, ProductId, line::Line};

impl AccountState {
    /// Serves the account at a place. One that was retired comes back.
    ///
    /// # Errors
    /// [`AccountError::LocationIdTaken`] when the place is there with another address.
    pub(super) fn add_location(
        &self,
        location: LocationId,
        reference: Option<&Line>,
        name: Option<&Line>,
        address: &Line,
    ) -> Decision {
        match self.locations.get(&location).filter(|place| !place.is_retired) {
            Some(place) if place.address == address.fingerprint => Ok(vec![]),
            Some(_) => Err(AccountError::LocationIdTaken),
            None => Ok(vec![AccountFact::LocationAdded {
                location,
                reference: reference.cloned(),
                name: name.cloned(),
                address: address.clone(),
            }]),
        }
    }

    /// Gives a place another address.
    ///
    /// # Errors
    /// [`AccountError::NoSuchLocation`], also for a place that was retired.
    pub(super) fn move_location(&self, location: LocationId, address: &Line) -> Decision {
        let place = self.locations.get(&location).filter(|place| !place.is_retired);
        let place = place.ok_or(AccountError::NoSuchLocation)?;
        let is_new = place.address != address.fingerprint;
        Ok(is_new.then(|| AccountFact::LocationMoved { location, address: address.clone() }).into_iter().collect())
    }

    /// Serves the account at a place no more. What is installed there is removed first.
    ///
    /// # Errors
    /// [`AccountError::NoSuchLocation`].
    pub(super) fn retire_location(&self, location: LocationId) -> Decision {
        if self.locations.get(&location).ok_or(AccountError::NoSuchLocation)?.is_retired {
            return Ok(vec![]);
        }
        let there = self.products.iter().filter(|(_, it)| it.location == Some(location) && !it.is_removed);
        let removed = there.map(|(product, _)| AccountFact::ProductRemoved { product: *product });
        Ok(removed.chain([AccountFact::LocationRetired { location }]).collect())
    }

    /// Installs a product. One that was removed comes back, be it at another place.
    ///
    /// # Errors
    /// [`AccountError::NoSuchLocation`]; [`AccountError::InstalledElsewhere`].
    pub(super) fn install_product(
        &self,
        product: ProductId,
        location: Option<LocationId>,
        reference: Option<&Line>,
        name: &Line,
    ) -> Decision {
        if location.is_some_and(|location| !self.serves(location)) {
            return Err(AccountError::NoSuchLocation);
        }
        match self.products.get(&product).filter(|it| !it.is_removed) {
            Some(installed) if installed.location == location => Ok(vec![]),
            Some(_) => Err(AccountError::InstalledElsewhere),
            None => Ok(vec![AccountFact::ProductInstalled {
                product,
                location,
                reference: reference.cloned(),
                name: name.clone(),
            }]),
        }
    }

    /// Removes an installed product.
    ///
    /// # Errors
    /// [`AccountError::NoSuchProduct`].
    pub(super) fn remove_product(&self, product: ProductId) -> Decision {
        let is_removed = self.products.get(&product).ok_or(AccountError::NoSuchProduct)?.is_removed;
        Ok((!is_removed).then_some(AccountFact::ProductRemoved { product }).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountAction, testing::*};

    fn retire(n: u128) -> AccountAction {
        AccountAction::RetireLocation { location: location(n) }
    }

    fn retired(n: u128) -> AccountFact {
        AccountFact::LocationRetired { location: location(n) }
    }

    fn remove(n: u128) -> AccountAction {
        AccountAction::RemoveProduct { product: product(n) }
    }

    fn removed(n: u128) -> AccountFact {
        AccountFact::ProductRemoved { product: product(n) }
    }

    #[test]
    fn a_place_is_added_once_and_moved_under_its_id() {
        let moved = AccountFact::LocationMoved { location: location(1), address: line("2 Example Street") };
        let relocate = |address| AccountAction::MoveLocation { location: location(1), address: line(address) };
        given(vec![opened()]).when(administrator(), add(1, "1 Example Street")).then(vec![added(1)]);
        given(vec![opened(), added(1)]).when(administrator(), add(1, "1 Example Street")).then(vec![]);
        given(vec![opened(), added(1)])
            .when(administrator(), add(1, "2 Example Street"))
            .refused(&AccountError::LocationIdTaken);
        given(vec![opened(), added(1)]).when(administrator(), relocate("2 Example Street")).then(vec![moved]);
        given(vec![opened(), added(1)]).when(administrator(), relocate("1 Example Street")).then(vec![]);
        given(vec![opened()]).when(administrator(), relocate("1")).refused(&AccountError::NoSuchLocation);
    }

    #[test]
    fn retiring_a_place_removes_what_is_installed_there_and_nothing_else() {
        let places = vec![opened(), added(1), added(2), installed(1, 1), installed(2, 2), installed(3, 1), removed(3)];
        given(places.clone()).when(administrator(), retire(1)).then(vec![removed(1), retired(1)]);
        let after = [places, vec![removed(1), retired(1)]].concat();
        given(after.clone()).when(administrator(), retire(1)).then(vec![]);
        given(after.clone()).when(administrator(), install(4, 1)).refused(&AccountError::NoSuchLocation);
        given(after).when(administrator(), add(1, "1 Example Street")).then(vec![added(1)]);
        given(vec![opened()]).when(administrator(), retire(1)).refused(&AccountError::NoSuchLocation);
    }

    #[test]
    fn a_product_is_at_one_place_of_the_account() {
        let places = vec![opened(), added(1), added(2), installed(1, 1)];
        given(places.clone()).when(administrator(), install(1, 1)).then(vec![]);
        given(places.clone()).when(administrator(), install(1, 2)).refused(&AccountError::InstalledElsewhere);
        given(places.clone()).when(administrator(), install(2, 3)).refused(&AccountError::NoSuchLocation);
        given(places.clone()).when(administrator(), remove(1)).then(vec![removed(1)]);
        given(places.clone()).when(administrator(), remove(2)).refused(&AccountError::NoSuchProduct);
        let gone = [places, vec![removed(1)]].concat();
        given(gone.clone()).when(administrator(), remove(1)).then(vec![]);
        given(gone).when(administrator(), install(1, 2)).then(vec![installed(1, 2)]);
    }
}
