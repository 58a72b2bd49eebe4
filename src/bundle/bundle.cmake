# A minimal static FFmpeg, with dav1d for AV1, from Debian's own sources: only what media/codecs.def names. See
# docs/building.md. Gives wp_ffmpeg, as src/CMakeLists.txt does with the distribution's.
include(ExternalProject)
find_program(MESON_PROGRAM meson REQUIRED)
find_program(NASM_PROGRAM nasm REQUIRED)
find_program(NINJA_PROGRAM ninja REQUIRED)
find_program(MAKE_PROGRAM make REQUIRED)

set(WANPREP_BUNDLE ${CMAKE_SOURCE_DIR}/build/bundle CACHE PATH "Where the static FFmpeg is made, once for all builds")
set(bundle ${WANPREP_BUNDLE})
set(prefix ${bundle}/prefix)
set(fetch ${CMAKE_CURRENT_LIST_DIR}/fetch.sh)
set(dav1d_version 1.0.0-2+deb12u1)
set(ffmpeg_version 7:5.1.9-0+deb12u1)
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)

# The one list, as FFmpeg's configure names its parts. A decoder is named by its codec, or by its library.
set(list ${CMAKE_CURRENT_SOURCE_DIR}/media/codecs.def)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
set(parts "")
file(STRINGS ${list} lines REGEX "^WP_(DEMUXER|DECODER|PARSER)\\(")
foreach(line IN LISTS lines)
  if(line MATCHES "^WP_(DEMUXER|PARSER)\\(\"([a-z0-9]+)\"\\)$")
    string(TOLOWER ${CMAKE_MATCH_1} kind)
    list(APPEND parts --enable-${kind}=${CMAKE_MATCH_2})
  elseif(line MATCHES "^WP_DECODER\\([A-Z0-9]+, \"(lib[a-z0-9]+)\"\\)$")
    list(APPEND parts --enable-${CMAKE_MATCH_1} --enable-decoder=${CMAKE_MATCH_1})
  elseif(line MATCHES "^WP_DECODER\\(([A-Z0-9]+), \"[a-z0-9]+\"\\)$")
    string(TOLOWER ${CMAKE_MATCH_1} codec)
    list(APPEND parts --enable-decoder=${codec})
  else()
    message(FATAL_ERROR "media/codecs.def: \"${line}\" is not understood")
  endif()
endforeach()

ExternalProject_Add(bundle_dav1d
  PREFIX ${bundle}/dav1d SOURCE_DIR ${bundle}/source/dav1d
  DOWNLOAD_COMMAND ${fetch} dav1d ${dav1d_version}
    590dba7fc0ce89cac8bdfbd2cd54594d65dff8b0b4becad1f558e033dd506cb4 ${bundle}/source
  CONFIGURE_COMMAND ${MESON_PROGRAM} setup --prefix=${prefix} --libdir=lib --buildtype=release
    --default-library=static -Db_staticpic=true -Denable_tools=false -Denable_tests=false <BINARY_DIR> <SOURCE_DIR>
  BUILD_COMMAND ${NINJA_PROGRAM} -C <BINARY_DIR>
  INSTALL_COMMAND ${NINJA_PROGRAM} -C <BINARY_DIR> install
  BUILD_BYPRODUCTS ${prefix}/lib/libdav1d.a
  LOG_DOWNLOAD ON LOG_CONFIGURE ON LOG_BUILD ON LOG_INSTALL ON LOG_OUTPUT_ON_FAILURE ON)

# FFmpeg's libraries repeat what configure was called with, so no folder of this machine is named there.
ExternalProject_Add(bundle_ffmpeg DEPENDS bundle_dav1d
  PREFIX ${bundle}/ffmpeg SOURCE_DIR ${bundle}/source/ffmpeg
  DOWNLOAD_COMMAND ${fetch} ffmpeg ${ffmpeg_version}
    055f82fca9a92f1d47216be2c2488d09373c7ca154806fbc36b0127c191d5104 ${bundle}/source
    ${CMAKE_CURRENT_LIST_DIR}/spared.patch
  CONFIGURE_COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${prefix}/lib/pkgconfig
    <SOURCE_DIR>/configure --prefix=/ --pkg-config-flags=--static --cc=${CMAKE_C_COMPILER}
    --disable-everything --disable-autodetect --disable-programs --disable-doc --disable-debug --disable-avdevice
    --disable-avfilter --disable-swresample --disable-swscale --disable-postproc --disable-network
    --enable-static --disable-shared --enable-pic --enable-zlib ${parts}
  BUILD_COMMAND ${MAKE_PROGRAM} -j${cores}
  INSTALL_COMMAND ${MAKE_PROGRAM} DESTDIR=${prefix} install-libs install-headers
  BUILD_BYPRODUCTS ${prefix}/lib/libavformat.a ${prefix}/lib/libavcodec.a ${prefix}/lib/libavutil.a
  LOG_DOWNLOAD ON LOG_CONFIGURE ON LOG_BUILD ON LOG_INSTALL ON LOG_OUTPUT_ON_FAILURE ON)

file(MAKE_DIRECTORY ${prefix}/include)
find_package(Threads REQUIRED)
add_library(wp_ffmpeg INTERFACE)
add_dependencies(wp_ffmpeg bundle_ffmpeg)
target_include_directories(wp_ffmpeg SYSTEM INTERFACE ${prefix}/include)
target_link_libraries(wp_ffmpeg INTERFACE ${prefix}/lib/libavformat.a ${prefix}/lib/libavcodec.a
  ${prefix}/lib/libavutil.a ${prefix}/lib/libdav1d.a PkgConfig::ZLIB m Threads::Threads)
target_link_options(wp_ffmpeg INTERFACE -Wl,-Bsymbolic) # FFmpeg's assembler refers to its tables directly
# The tables hold thousands of addresses: packed they take 3 KB of the file instead of 210 (glibc 2.36).
target_link_options(wp_ffmpeg INTERFACE -Wl,-z,pack-relative-relocs)

wp_licence(ffmpeg ${ffmpeg_version} "libavformat.a libavcodec.a libavutil.a" ${bundle}/source/ffmpeg/debian/copyright)
wp_licence(dav1d ${dav1d_version} libdav1d.a ${bundle}/source/dav1d/debian/copyright)
