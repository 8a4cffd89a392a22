interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

interface Role {
  readonly Properties: {
    readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
}

/** The actions that a role of the packaged template allows, by name and in order. */
export function grantsOf(template: string | object, logicalId: string): readonly string[] {
  // CloudFormation's own format; the role is one that serverless.functions.cjs wrote.
  const { Resources } = (typeof template === 'string' ? JSON.parse(template) : template) as {
    readonly Resources: Readonly<Record<string, Role>>;
  };
  const policies = Resources[logicalId]?.Properties.Policies ?? [];
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
