# Read by nbgrader in this folder.
c = get_config()  # noqa: F821  (nbgrader defines it)
c.CourseDirectory.course_id = "civics"
# Your own answers, from trying the quiz in source/, are never handed out: generate_assignment stops instead.
c.GenerateAssignment.preprocessors.insert(0, "civicquiz.hosts.nbgrader.refuse_answers")
