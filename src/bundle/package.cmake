# The packages of a release: an archive that is unpacked anywhere, and a Debian package; and both for the face detector, whose
# archive is unpacked over the other one.
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_COMPONENTS_ALL programs)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/generator.cmake)
set(CPACK_PACKAGE_CONTACT "The wanprep developers <wanprep@localhost>")
set(CPACK_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/date.cmake)
set(CPACK_THREADS 1)

set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_PROGRAMS_FILE_NAME ${CPACK_PACKAGE_FILE_NAME})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # for those that are loaded at the start; the others:
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME ${PROJECT_NAME})
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "libcjson1, libcurl4 (>= 7.87), libsqlite3-0, ca-certificates")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SUGGESTS "libpq5, wanprep-content")

if(WANPREP_CONTENT)
  file(READ ${CMAKE_SOURCE_DIR}/LICENSE WP_LICENSE)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright_content.in ${CMAKE_BINARY_DIR}/copyright-content @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/copyright-content DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${PROJECT_NAME}-content
    COMPONENT content RENAME copyright)
  list(APPEND CPACK_COMPONENTS_ALL content)
  set(CPACK_ARCHIVE_CONTENT_FILE_NAME ${PROJECT_NAME}-content-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
  set(CPACK_DEBIAN_CONTENT_PACKAGE_NAME ${PROJECT_NAME}-content)
  set(CPACK_DEBIAN_CONTENT_PACKAGE_DEPENDS "${PROJECT_NAME} (= ${PROJECT_VERSION})")
  set(CPACK_COMPONENT_CONTENT_DESCRIPTION "Face detector of wanprep: a module that uses OpenCV, and its models")
endif()
include(CPack)
