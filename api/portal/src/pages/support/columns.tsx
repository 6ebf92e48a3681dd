import { Anchor, Text } from "@mantine/core";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { ListedFragment } from "../../gql/graphql";
import { Time } from "../../parts/Time";
import { PriorityMark } from "../../parts/cases/PriorityMark";
import { Status } from "../../parts/cases/Status";
import type { Column } from "./listState";

/** What a column shows of a case. */
export function cell(column: Column, of: ListedFragment, t: TFunction): ReactNode {
    switch (column) {
        case "NUMBER":
            return (
                <Anchor component={Link} to={`/cases/${of.number}`} size="sm" style={{ whiteSpace: "nowrap" }}>
                    {of.number}
                </Anchor>
            );
        case "SUBJECT":
            return (
                <>
                    <Text span inherit lineClamp={3}>
                        {of.subject}
                    </Text>
                    {of.wait ? (
                        <Text size="xs" fw={600}>
                            {/* Customers see waits for them alone, and no priority. */}
                            {of.priority ? t(`wait.${of.wait.reason}`) : t("case.waitingForYou")}
                        </Text>
                    ) : null}
                </>
            );
        case "STATUS":
            return <Status status={of.status} />;
        case "TYPE":
            return of.typeName;
        case "CATEGORY":
            return of.categoryName;
        case "ACCOUNT":
            return of.account.name;
        case "LOCATION":
            return of.location?.name ?? of.location?.address ?? (of.locationNotListed ? t("create.notListed") : null);
        case "PRODUCT":
            return of.product?.name ?? (of.productNotListed ? t("create.notListed") : null);
        case "CONTACT":
            return of.contact.name;
        case "OPENED":
            return <Time at={of.openedAt} />;
        case "UPDATED":
            return <Time at={of.updatedAt} />;
        case "OWNER":
            return of.owner?.name ?? null;
        case "QUEUE":
            return of.queueName ?? null;
        case "PRIORITY":
            return of.priority ? <PriorityMark priority={of.priority} /> : null;
    }
}
