import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Choice } from "../../../parts/Choice";
import { useAccount } from "../../create/useAccount";
import { CLEAR_TRIAGE, SET_LOCATION, SET_PRODUCT } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown } from "../useStream";
import { Ask, type Asking } from "./Ask";

/** What stands for none among choices that are ids. */
const NONE = "none";

/** Whether the desk still has to say where and with what the trouble is. */
export function inTriage(of: Shown): boolean {
    return of.locationNotListed || of.productNotListed;
}

/**
 * Says where and with what the trouble is, as far as that applies. For a case in triage that clears it: what was not listed is found, or none is.
 */
export function Place({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const [locationId, setLocation] = useState(of.location?.id ?? NONE);
    const [productId, setProduct] = useState(of.product?.id ?? NONE);
    const { locations, products, productsReady } = useAccount(of.account.id, locationId === NONE ? "" : locationId);
    const none = { value: NONE, label: t("desk.noneApplies") };
    const give = async () => {
        const wanted = {
            location: locationId === NONE ? null : locationId,
            product: productId === NONE ? null : productId,
        };
        if (inTriage(of) && wanted.location === null && wanted.product === null && !of.location && !of.product) {
            return command.run(CLEAR_TRIAGE, {});
        }
        const moved = of.locationNotListed || wanted.location !== (of.location?.id ?? null);
        const changed = of.productNotListed || wanted.product !== (of.product?.id ?? null);
        if (moved && !(await command.run(SET_LOCATION, { locationId: wanted.location }))) return undefined;
        if (changed) return command.run(SET_PRODUCT, { productId: wanted.product });
        return true;
    };
    return (
        <Ask command={command} submit={inTriage(of) ? t("desk.clearTriage") : t("save")} give={give} done={done}>
            {inTriage(of) ? <Text size="sm">{t("desk.triageText")}</Text> : null}
            <Choice
                label={t("create.location")}
                data={[none, ...locations]}
                value={locationId}
                onChange={(value) => {
                    setLocation(value ?? NONE);
                    setProduct(NONE);
                }}
            />
            <Choice
                label={t("create.product")}
                disabled={!productsReady}
                data={[none, ...products]}
                value={products.some(({ value }) => value === productId) ? productId : NONE}
                onChange={(value) => setProduct(value ?? NONE)}
            />
        </Ask>
    );
}
