/* See late.h. For x86-64 and the System V ABI. */

/* The function that callers see. */
.macro way name, index
    .globl \name
    .hidden \name
    .type \name, @function
    .balign 16
\name:
    .cfi_startproc
    endbr64
    jmp *wp_late_slots+8*\index(%rip)
    .cfi_endproc
    .size \name, . - \name
.endm

/* Where its slot leads at first. */
.macro door index
    .balign 16
door_\index:
    .cfi_startproc
    endbr64
    pushq $\index
    .cfi_adjust_cfa_offset 8
    jmp load
    .cfi_endproc
.endm

    .text

/* The index is on the stack, and everything that a call may pass in registers must be as it was. */
    .type load, @function
load:
    .cfi_startproc
    .cfi_adjust_cfa_offset 8
    pushq %rax
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %r8
    pushq %r9
    subq $136, %rsp
    .cfi_adjust_cfa_offset 192
    movups %xmm0, (%rsp)
    movups %xmm1, 16(%rsp)
    movups %xmm2, 32(%rsp)
    movups %xmm3, 48(%rsp)
    movups %xmm4, 64(%rsp)
    movups %xmm5, 80(%rsp)
    movups %xmm6, 96(%rsp)
    movups %xmm7, 112(%rsp)
    movq 192(%rsp), %rdi
    call wp_late_load
    movq %rax, %r11
    movups (%rsp), %xmm0
    movups 16(%rsp), %xmm1
    movups 32(%rsp), %xmm2
    movups 48(%rsp), %xmm3
    movups 64(%rsp), %xmm4
    movups 80(%rsp), %xmm5
    movups 96(%rsp), %xmm6
    movups 112(%rsp), %xmm7
    addq $136, %rsp
    popq %r9
    popq %r8
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    popq %rax
    addq $8, %rsp
    .cfi_adjust_cfa_offset -200
    jmp *%r11
    .cfi_endproc
    .size load, . - load

#define LATE_LIBRARY(index, soname, first, count)
#define LATE_FUNCTION(index, library, name) way name, index
#include "late.inc"
#undef LATE_FUNCTION

#define LATE_FUNCTION(index, library, name) door index
#include "late.inc"
#undef LATE_FUNCTION

    .section .data.rel.local, "aw"
    .balign 8
    .globl wp_late_slots
    .hidden wp_late_slots
wp_late_slots:
#define LATE_FUNCTION(index, library, name) .quad door_##index
#include "late.inc"

    .section .note.GNU-stack, "", @progbits
