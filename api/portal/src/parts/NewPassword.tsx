import { useTranslation } from "react-i18next";

import { PasswordField } from "./PasswordField";
import type { useFields } from "./fields";

/** The names of its two fields. */
export type NewPasswordName = "newPassword" | "confirmation";

type Form = ReturnType<typeof useFields<NewPasswordName>>;

/** A new password, typed twice. */
export function NewPassword({ form }: { form: { input: (name: NewPasswordName) => ReturnType<Form["input"]> } }) {
    const { t } = useTranslation();
    return (
        <>
            <PasswordField
                {...form.input("newPassword")}
                description={t("password.rule")}
                autoComplete="new-password"
            />
            <PasswordField {...form.input("confirmation")} autoComplete="new-password" />
        </>
    );
}

/** Whether both are the same; shows it at the second when they are not. */
export function isConfirmed(
    values: Record<NewPasswordName, string>,
    show: (fields: Record<string, string>) => void,
    words: string,
): boolean {
    if (values.newPassword === values.confirmation) return true;
    show({ confirmation: words });
    return false;
}
