import { Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { choices, useCatalogue } from "../../parts/cases/catalogue";
import { useFields } from "../../parts/fields";
import { AccountPicker, type PickedAccount } from "../create/AccountPicker";
import { useAccount } from "../create/useAccount";
import { Answer, Asks, Authority, type Deciding } from "./Answer";

/** Has the request worked on as a case, which begins in triage. */
export function MakeCase(props: Deciding) {
    const { of } = props;
    const { t } = useTranslation();
    const [account, setAccount] = useState<PickedAccount>();
    const form = useFields({
        accountId: t("columns.ACCOUNT"),
        contactId: t("columns.CONTACT"),
        type: t("create.type"),
        category: t("create.category"),
        authority: t("requests.authority"),
    });
    const { types } = useCatalogue();
    const { people } = useAccount(account?.id ?? "", "");
    const { accountId, contactId, type, category, authority } = form.values;
    return (
        <Answer
            {...props}
            form={form}
            submit={t("requests.makeCase")}
            decision={() => ({ makeCase: { accountId, contactId, type, category, authority: authority.trim() } })}
        >
            <Asks of={of} />
            <AccountPicker
                chosen={account}
                className={undefined}
                error={form.input("accountId").error}
                onPick={(picked) => {
                    setAccount(picked);
                    form.set("accountId", picked.id);
                    form.set("contactId", "");
                }}
            />
            <Select
                {...form.choice("contactId")}
                searchable
                disabled={!account}
                description={account ? undefined : t("create.accountFirst")}
                data={people}
            />
            <Select
                {...form.choice("type")}
                data={choices(types)}
                onChange={(key) => {
                    form.set("type", key ?? "");
                    form.set("category", "");
                }}
            />
            <Select
                {...form.choice("category")}
                disabled={type === ""}
                data={choices(types.find(({ key }) => key === type)?.categories ?? [])}
            />
            <Authority field={form.input("authority")} />
        </Answer>
    );
}
