import { type GraphNode, isShown, type NodeDescription, withDefaults } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { AskToggle } from './AskToggle.tsx';
import styles from './Inspector.module.css';
import { ParamField } from './ParamField.tsx';
import { useNodeParam } from './use-node-param.ts';

/** The form of a node's params, drawn from the description of its type: what applies is shown, what is advanced is folded. */
export function ParamForm({ node, description }: { node: GraphNode; description: NodeDescription }) {
  const { t } = useTranslation('editor');
  const values = withDefaults(description.params, node.params);
  const shown = Object.keys(description.params).filter((key) => {
    const spec = description.params[key];
    return spec && isShown(spec, values);
  });
  const advanced = shown.filter((key) => description.params[key]?.advanced);
  const plain = shown.filter((key) => !advanced.includes(key));
  if (shown.length === 0) return <p className={styles.quiet}>{t('inspector.noParams')}</p>;
  return (
    <>
      {plain.map((key) => (
        <NodeParam key={key} node={node} description={description} param={key} />
      ))}
      {advanced.length > 0 && (
        <details className={styles.section}>
          <summary>{t('inspector.advanced')}</summary>
          <div className={styles.fields}>
            {advanced.map((key) => (
              <NodeParam key={key} node={node} description={description} param={key} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

interface NodeParamProps {
  node: GraphNode;
  description: NodeDescription;
  param: string;
}

function NodeParam({ node, description, param }: NodeParamProps) {
  const { value, change, assets } = useNodeParam(node, description, param);
  const spec = description.params[param];
  if (!spec) return null;
  return (
    <ParamField
      spec={spec}
      value={value}
      onChange={change}
      assets={assets}
      aside={<AskToggle node={node.id} param={param} title={spec.title} />}
    />
  );
}
