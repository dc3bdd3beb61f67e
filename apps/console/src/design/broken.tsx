import { Component, type ReactNode } from 'react';
import { texts } from '../texts/index.ts';
import { Fault, sentenceOf } from './fault.tsx';

interface Props {
  readonly children: ReactNode;
}

/** Where a page breaks, the rest stays, and there is a way on. */
export class Broken extends Component<Props, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main className="main" id="main">
        <div className="stack">
          <Fault id="broken">{sentenceOf(error)}</Fault>
          <div>
            <button className="btn" type="button" onClick={() => location.reload()}>
              {texts.common.tryAgain}
            </button>
          </div>
        </div>
      </main>
    );
  }
}
