# The packages of a release: an archive that is unpacked anywhere, and a Debian package.
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};${PROJECT_NAME};programs;/")
set(CPACK_PACKAGE_CONTACT "The wanprep developers <wanprep@localhost>")
set(CPACK_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/date.cmake)
set(CPACK_THREADS 1)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # for those that are loaded at the start; the others:
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcjson1, libcurl4 (>= 7.87), libsqlite3-0, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS libpq5)
include(CPack)
