import { useTranslation } from "react-i18next";

import { LongText } from "../../parts/LongText";
import { useFields } from "../../parts/fields";
import { Answer, type Deciding } from "./Answer";

/** Gives somebody no access, and tells them why. */
export function Decline(props: Deciding) {
    const { t } = useTranslation();
    const form = useFields({ decline: t("requests.reason") });
    return (
        <Answer
            {...props}
            form={form}
            submit={t("requests.decline")}
            decision={() => ({ decline: form.values.decline.trim() })}
        >
            <LongText most={4000} {...form.input("decline")} description={t("requests.reasonText")} minRows={3} />
        </Answer>
    );
}
