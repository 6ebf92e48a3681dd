import { Paper } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Terms } from "../../parts/Terms";
import { Time } from "../../parts/Time";
import { Links } from "./Links";
import type { Shown } from "./useStream";

/** What is known of a case, beside what happened to it. */
export function Facts({ of, desk }: { of: Shown; desk: boolean }) {
    const { t } = useTranslation();
    const place = [of.location?.name, of.location?.address].filter(Boolean).join(", ");
    const facts: [string, ReactNode][] = [
        [t("columns.ACCOUNT"), of.account.name],
        [t("columns.TYPE"), of.typeName],
        [t("columns.CATEGORY"), of.categoryName],
        [t("create.location"), place || (of.locationNotListed ? t("create.notListed") : null)],
        [t("columns.PRODUCT"), of.product?.name ?? (of.productNotListed ? t("create.notListed") : null)],
        [
            t("columns.CONTACT"),
            of.needsContact ? t("case.contactLeft", { name: of.contact.name ?? "" }) : of.contact.name,
        ],
        [t("case.openedBy"), of.opener.id === of.contact.id ? null : of.opener.name],
        [t("columns.OWNER"), of.owner?.name ?? t("case.noOwner")],
        ...(desk
            ? ([
                  [t("columns.QUEUE"), of.queueName],
                  [t("columns.PRIORITY"), of.priority ? t(`priority.${of.priority}`) : null],
                  [
                      t("case.wait"),
                      of.wait ? (
                          <span key="wait">
                              {t(`wait.${of.wait.reason}`)}
                              {of.wait.until ? (
                                  <>
                                      {", "}
                                      {t("case.waitEnds")} <Time at={of.wait.until} />
                                  </>
                              ) : null}
                          </span>
                      ) : null,
                  ],
                  [t("case.legalHold"), of.legalHold ? t("case.yes") : null],
              ] satisfies [string, ReactNode][])
            : []),
        [t("columns.OPENED"), <Time key="opened" at={of.openedAt} />],
        [t("columns.UPDATED"), <Time key="updated" at={of.updatedAt} />],
    ];
    return (
        <Paper withBorder p="md" radius="md">
            <Terms of={facts}>
                <Links of={of} />
            </Terms>
        </Paper>
    );
}
