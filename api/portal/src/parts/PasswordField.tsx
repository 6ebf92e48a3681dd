import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A field for a password: masked, until somebody wants to see what they typed, by mouse or by keyboard (ASVS 6.2.6). */
export function PasswordField(props: PasswordInputProps & { autoComplete: "current-password" | "new-password" }) {
    const { t } = useTranslation();
    return (
        <PasswordInput
            {...props}
            visibilityToggleFocusable
            visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
        />
    );
}
