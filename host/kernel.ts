/** Makes kernels for the engine's literal search. */
import { KERNEL_PAGES, Kernel, type KernelExports } from '../engine/prefilter/kernel.ts';
import { kernelCode } from '../engine/prefilter/kernel-code.ts';

/** The kernel's module in base64, as the build puts it in: a hook has no time to write it at each start. */
declare const __SG_KERNEL__: string | undefined;

/** A kernel for the literal search of one scanner. */
export function createKernel(): Kernel {
  const module = new WebAssembly.Module(
    typeof __SG_KERNEL__ === 'string'
      ? Buffer.from(__SG_KERNEL__, 'base64')
      : kernelCode(KERNEL_PAGES),
  );
  // The exports are those that `kernelCode` writes.
  return new Kernel(new WebAssembly.Instance(module, {}).exports as unknown as KernelExports);
}
