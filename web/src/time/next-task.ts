/** Lets the browser answer the visitor before work goes on, ahead of its other tasks where it can tell them apart. */
export function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { postTask?(task: () => void, options: { priority: 'user-blocking' }): Promise<void> } };
  return scheduler?.postTask?.(() => undefined, { priority: 'user-blocking' }) ?? messageTask();
}

function messageTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
