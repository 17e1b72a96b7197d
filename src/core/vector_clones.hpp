/// HETEROGLASS_VECTOR_CLONES before a function compiles it for several vector widths; the widest that the processor has is
/// chosen when the program starts. Only where nothing but the width matters: results may differ in the last bit between
/// processors (fused multiply-add), never between runs or numbers of threads.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define HETEROGLASS_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HETEROGLASS_VECTOR_CLONES
#endif
