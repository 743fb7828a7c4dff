"""Every third-party file, pinned by version and sha256 (libs/tools/apt/lock.sh writes the entries)."""

LOCK = {
    "musl": {
        "kind": "source",
        "package": "musl",
        "version": "1.2.3-1",
        "files": {
            "pool/main/m/musl/musl_1.2.3.orig.tar.gz": "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
            "pool/main/m/musl/musl_1.2.3-1.debian.tar.xz": "8f12cc808dbec030179a25ce2645a4c0b622ee8011c2afcec53b87ec5867a8cc",
        },
    },
    "lwip": {
        "kind": "source",
        "package": "lwip",
        "version": "2.1.3+dfsg1-2",
        "files": {
            "pool/main/l/lwip/lwip_2.1.3+dfsg1.orig.tar.xz": "0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24",
            "pool/main/l/lwip/lwip_2.1.3+dfsg1-2.debian.tar.xz": "c5a48413d362cc757032cdd58f528f75eb64ee781ca46ca24f010b49b0e62a90",
        },
    },
    "llvm-toolchain-19": {
        "kind": "source",
        "package": "llvm-toolchain-19",
        "version": "1:19.1.7-3~deb12u1",
        "files": {
            "pool/main/l/llvm-toolchain-19/llvm-toolchain-19_19.1.7.orig.tar.xz": "ae498f3bc58ae2d9f64ef5f0c035c4240152bf015a5b7738b15c22e93bdc97ce",
            "pool/main/l/llvm-toolchain-19/llvm-toolchain-19_19.1.7-3~deb12u1.debian.tar.xz": "69e23e395388e3b87b5c18461c38a3cf5f43d71aecf54fcf0dc9ac9664b4c16f",
        },
    },
    "googletest:amd64": {
        "kind": "deb",
        "package": "googletest",
        "version": "1.12.1-0.2",
        "arch": "all",
        "files": {
            "pool/main/g/googletest/googletest_1.12.1-0.2_all.deb": "927be72067517da503b6538026d451455c9e860f5dbfe237f792543db7d5a928",
        },
    },
    "busybox-static:i386": {
        "kind": "deb",
        "package": "busybox-static",
        "version": "1:1.35.0-4+deb12u1+b1",
        "arch": "i386",
        "files": {
            "pool/main/b/busybox/busybox-static_1.35.0-4+deb12u1+b1_i386.deb": "725ef9e6fbac4ab79b353165b05005e8c140d6e42177ebbc202ff1e13ded8b7c",
        },
    },
    "clang-19:amd64": {
        "kind": "deb",
        "package": "clang-19",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/clang-19_19.1.7-3~deb12u1_amd64.deb": "89ab931a9bbfd567a76df3141af5d5ec67b01d800150e614f2c9bf4671da9b08",
        },
    },
    "libclang-cpp19:amd64": {
        "kind": "deb",
        "package": "libclang-cpp19",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/libclang-cpp19_19.1.7-3~deb12u1_amd64.deb": "5daa784e1d747db320c16604729ffa805e6bfd72d3ac0b7cb0ee5f1a7ebc8aae",
        },
    },
    "libllvm19:amd64": {
        "kind": "deb",
        "package": "libllvm19",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/libllvm19_19.1.7-3~deb12u1_amd64.deb": "6edf3a8b28495cdba883d9760e0dca1a81983fc497a5f989dc64d0d96d23b4aa",
        },
    },
    "lld-19:amd64": {
        "kind": "deb",
        "package": "lld-19",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/lld-19_19.1.7-3~deb12u1_amd64.deb": "416e084363a16a7060eaa6343ed641dfe864b8208c39170ee00a5679e4b486a2",
        },
    },
    "llvm-19:amd64": {
        "kind": "deb",
        "package": "llvm-19",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/llvm-19_19.1.7-3~deb12u1_amd64.deb": "f91492c5b361ff12f540b9f6145cf638b5e0fb3f145fceabd6c4b9540eab4bf9",
        },
    },
    "libclang-common-19-dev:amd64": {
        "kind": "deb",
        "package": "libclang-common-19-dev",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/libclang-common-19-dev_19.1.7-3~deb12u1_amd64.deb": "811c2d398ad772204ec05ffde485cbbc4c210abc5dcf0068ff9ca3e647591ce7",
        },
    },
    "grub-pc-bin:amd64": {
        "kind": "deb",
        "package": "grub-pc-bin",
        "version": "2.06-13+deb12u2",
        "arch": "amd64",
        "files": {
            "pool/main/g/grub2/grub-pc-bin_2.06-13+deb12u2_amd64.deb": "db6aced5a89f02e10e150140b4df9621196f311c26203baf8558b4c6808e1298",
        },
    },
    "libclang-rt-19-dev:amd64": {
        "kind": "deb",
        "package": "libclang-rt-19-dev",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/libclang-rt-19-dev_19.1.7-3~deb12u1_amd64.deb": "872464dcd1aa3538e417e177f74a4c549b19313acaa1fe9465d32b936e9ef8eb",
        },
    },
    "libc6-dev:i386": {
        "kind": "deb",
        "package": "libc6-dev",
        "version": "2.36-9+deb12u14",
        "arch": "i386",
        "files": {
            "pool/main/g/glibc/libc6-dev_2.36-9+deb12u14_i386.deb": "c02c0adacabf53b8f34364940c7c4fe5aedaf921765e915742cc31ffc7a9d1ad",
        },
    },
    "libc6:i386": {
        "kind": "deb",
        "package": "libc6",
        "version": "2.36-9+deb12u14",
        "arch": "i386",
        "files": {
            "pool/main/g/glibc/libc6_2.36-9+deb12u14_i386.deb": "76b12e06be66ec3fc2c1791d7d8cf34c2b828ed210e3913feeeb8edc9688f820",
        },
    },
    "linux-libc-dev:i386": {
        "kind": "deb",
        "package": "linux-libc-dev",
        "version": "6.1.176-1",
        "arch": "i386",
        "files": {
            "pool/main/l/linux/linux-libc-dev_6.1.176-1_i386.deb": "94b68e46c4df2da33b443c0f1f3ec74691e71ff54b053f0a6198d7b62d159c5e",
        },
    },
    "libgcc-12-dev:i386": {
        "kind": "deb",
        "package": "libgcc-12-dev",
        "version": "12.2.0-14+deb12u1",
        "arch": "i386",
        "files": {
            "pool/main/g/gcc-12/libgcc-12-dev_12.2.0-14+deb12u1_i386.deb": "d25bdc547dc760f2c48aa808dcd0c4f3b5bd124daa3b47186ee6070ea57d85f1",
        },
    },
    "libc++-19-dev:i386": {
        "kind": "deb",
        "package": "libc++-19-dev",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "i386",
        "files": {
            "pool/main/l/llvm-toolchain-19/libc++-19-dev_19.1.7-3~deb12u1_i386.deb": "8dce2ed20d79cc1707e16665bd990f961f13283c1eda9823b602da0ad4f2dff6",
        },
    },
    "libc++abi-19-dev:i386": {
        "kind": "deb",
        "package": "libc++abi-19-dev",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "i386",
        "files": {
            "pool/main/l/llvm-toolchain-19/libc++abi-19-dev_19.1.7-3~deb12u1_i386.deb": "516d78284f25a2aa1a1265bacd301aff2aed533862d4f5aa4e3877c14ee0d1ae",
        },
    },
    "libc6-dev:amd64": {
        "kind": "deb",
        "package": "libc6-dev",
        "version": "2.36-9+deb12u14",
        "arch": "amd64",
        "files": {
            "pool/main/g/glibc/libc6-dev_2.36-9+deb12u14_amd64.deb": "0218fc2befcd784c1b0c6292c0a137ce89fad054efaa579ad083bee0f2c01aae",
        },
    },
    "libc6:amd64": {
        "kind": "deb",
        "package": "libc6",
        "version": "2.36-9+deb12u14",
        "arch": "amd64",
        "files": {
            "pool/main/g/glibc/libc6_2.36-9+deb12u14_amd64.deb": "ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf",
        },
    },
    "linux-libc-dev:amd64": {
        "kind": "deb",
        "package": "linux-libc-dev",
        "version": "6.1.176-1",
        "arch": "amd64",
        "files": {
            "pool/main/l/linux/linux-libc-dev_6.1.176-1_amd64.deb": "8bb258735b9dffbb111da778ebdd024750878e435ffd9dfcadcb6762ede6b4cf",
        },
    },
    "libgcc-12-dev:amd64": {
        "kind": "deb",
        "package": "libgcc-12-dev",
        "version": "12.2.0-14+deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/g/gcc-12/libgcc-12-dev_12.2.0-14+deb12u1_amd64.deb": "d720259380a84f2ffc6fe516eff5cbe9c8a005138e8d6a5748747ba4b3404a82",
        },
    },
    "libc++-19-dev:amd64": {
        "kind": "deb",
        "package": "libc++-19-dev",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/libc++-19-dev_19.1.7-3~deb12u1_amd64.deb": "21e79a3c1557f0dbc8dc2dd1f123523ab08784a8fa2204c0ef7937e3c9baad95",
        },
    },
    "libc++abi-19-dev:amd64": {
        "kind": "deb",
        "package": "libc++abi-19-dev",
        "version": "1:19.1.7-3~deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/l/llvm-toolchain-19/libc++abi-19-dev_19.1.7-3~deb12u1_amd64.deb": "78d59818a21a756868670d7b27d2737fd33b23f7597585d56e0656dd059147d9",
        },
    },
    "e2fsprogs:amd64": {
        "kind": "deb",
        "package": "e2fsprogs",
        "version": "1.47.0-2+b2",
        "arch": "amd64",
        "files": {
            "pool/main/e/e2fsprogs/e2fsprogs_1.47.0-2+b2_amd64.deb": "fedd424691c08ef0739729026be298e7be8236337bf8e031b3c7ec66794e6fc2",
        },
    },
    "libext2fs2:amd64": {
        "kind": "deb",
        "package": "libext2fs2",
        "version": "1.47.0-2+b2",
        "arch": "amd64",
        "files": {
            "pool/main/e/e2fsprogs/libext2fs2_1.47.0-2+b2_amd64.deb": "dff731f2318df99da4b8bf5f330f415f95b94c609bac29e7b2edba0a38f22a98",
        },
    },
    "libss2:amd64": {
        "kind": "deb",
        "package": "libss2",
        "version": "1.47.0-2+b2",
        "arch": "amd64",
        "files": {
            "pool/main/e/e2fsprogs/libss2_1.47.0-2+b2_amd64.deb": "24115749c09b4e259acff1f799faccd1748ff322bd638b09d820729cb3b24579",
        },
    },
    "libcom-err2:amd64": {
        "kind": "deb",
        "package": "libcom-err2",
        "version": "1.47.0-2+b2",
        "arch": "amd64",
        "files": {
            "pool/main/e/e2fsprogs/libcom-err2_1.47.0-2+b2_amd64.deb": "a2bac7015e78fbc0c504df3e441f3a22292f1d2d77f9ccda760057f3690e22f2",
        },
    },
    "libblkid1:amd64": {
        "kind": "deb",
        "package": "libblkid1",
        "version": "2.38.1-5+deb12u3",
        "arch": "amd64",
        "files": {
            "pool/main/u/util-linux/libblkid1_2.38.1-5+deb12u3_amd64.deb": "5a083377f29191cafcdf0f91ec124349b4a7895b531556633a136e43c6d53943",
        },
    },
    "libuuid1:amd64": {
        "kind": "deb",
        "package": "libuuid1",
        "version": "2.38.1-5+deb12u3",
        "arch": "amd64",
        "files": {
            "pool/main/u/util-linux/libuuid1_2.38.1-5+deb12u3_amd64.deb": "5fff398321da62d28a842bcbabd193d72ae21724962c029dc32b1dc6b2deaeaf",
        },
    },
    "grub-common:amd64": {
        "kind": "deb",
        "package": "grub-common",
        "version": "2.06-13+deb12u2",
        "arch": "amd64",
        "files": {
            "pool/main/g/grub2/grub-common_2.06-13+deb12u2_amd64.deb": "fa2a91e48bb85effb1d9e22e16d83774e6de0ae6167268e8150e76ae963ec671",
        },
    },
    "liblzma5:amd64": {
        "kind": "deb",
        "package": "liblzma5",
        "version": "5.4.1-1+deb12u1",
        "arch": "amd64",
        "files": {
            "pool/main/x/xz-utils/liblzma5_5.4.1-1+deb12u1_amd64.deb": "f96d8876b53ec89d76a992bc199679b818cf518225a768954d9451fb556a4eb7",
        },
    },
    "libdevmapper1.02.1:amd64": {
        "kind": "deb",
        "package": "libdevmapper1.02.1",
        "version": "2:1.02.185-2",
        "arch": "amd64",
        "files": {
            "pool/main/l/lvm2/libdevmapper1.02.1_1.02.185-2_amd64.deb": "aaa78ca236055fedccf637eacf7bda02bf1980b2db668dccd202b04d0d2cfe04",
        },
    },
    "e2fsprogs": {
        "kind": "source",
        "package": "e2fsprogs",
        "version": "1.47.0-2",
        "files": {
            "pool/main/e/e2fsprogs/e2fsprogs_1.47.0.orig.tar.gz": "6667afde56eef0c6af26684974400e4d2288ea49e9441bf5e6229195d51a3578",
            "pool/main/e/e2fsprogs/e2fsprogs_1.47.0-2.debian.tar.xz": "3a756e08d300666039e34577293d11d70c7a1da7850fad478580a81af6348277",
        },
    },
    "libselinux1:amd64": {
        "kind": "deb",
        "package": "libselinux1",
        "version": "3.4-1+b6",
        "arch": "amd64",
        "files": {
            "pool/main/libs/libselinux/libselinux1_3.4-1+b6_amd64.deb": "2b07f5287b9105f40158b56e4d70cc1652dac56a408f3507b4ab3d061eed425f",
        },
    },
    "libudev1:amd64": {
        "kind": "deb",
        "package": "libudev1",
        "version": "252.39-1~deb12u2",
        "arch": "amd64",
        "files": {
            "pool/main/s/systemd/libudev1_252.39-1~deb12u2_amd64.deb": "6f7e08f11c4809d2e5998c775f7b423ab5ec2ce0309494b4a2615037052245e2",
        },
    },
    "libpcre2-8-0:amd64": {
        "kind": "deb",
        "package": "libpcre2-8-0",
        "version": "10.42-1",
        "arch": "amd64",
        "files": {
            "pool/main/p/pcre2/libpcre2-8-0_10.42-1_amd64.deb": "030db54f4d76cdfe2bf0e8eb5f9efea0233ab3c7aa942d672c7b63b52dbaf935",
        },
    },
}
